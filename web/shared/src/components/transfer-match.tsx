import type { Schemas } from '../api/client';
import { useT } from '../messages';

type Match = Schemas['match'];

// The memo as the bank gave it, the characters that decided marked. The server counts Unicode characters, as the spread does.
export function Memo({ text, match }: { text: string; match: Match | null }) {
  const fired = match?.characters;
  if (!fired) return <>{text}</>;
  const all = [...text];
  const end = fired.from + fired.length;
  return <>{all.slice(0, fired.from).join('')}<mark className="memo-mark">{all.slice(fired.from, end).join('')}</mark>{all.slice(end).join('')}</>;
}

// What a transfer's memo says and why the machine put the money where it is: rows of a list of facts.
export function MatchFacts({ narrative, match }: { narrative: string; match: Match | null }) {
  const t = useT();
  return (
    <>
      <div><dt>{t('fact.narrative')}</dt><dd className="code"><Memo text={narrative} match={match} /></dd></div>
      <div><dt>{t('fact.why')}</dt><dd>{match ? <>{match.text} <small className="match-version">{t('match.version', { version: String(match.rules_version) })}</small></> : t('match.not_noted')}</dd></div>
    </>
  );
}
