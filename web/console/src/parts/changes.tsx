import type { Schemas } from '@cho40/shared/api/client';
import { plainNumber, signedMoney } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { changeName } from './recon-look';

// Differences to a signed version: what, how many more, how much more.
export function Changes({ changes }: { changes: Schemas['recon_adjustment'][] }) {
  const t = useT();
  return (
    <ul className="changes">
      {changes.map((one) => (
        <li key={one.kind + (one.subject ?? '')}>
          <span>{t(changeName(one.kind))}{one.subject ? <small className="code"> {one.subject}</small> : null}</span>
          <span className="changes-sum">{one.count ? `${one.count > 0 ? '+' : '−'}${plainNumber(Math.abs(one.count))} · ` : ''}{signedMoney(one.sum)}</span>
        </li>
      ))}
    </ul>
  );
}
