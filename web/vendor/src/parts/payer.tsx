import type { Schemas } from '@cho40/shared/api/client';
import { useT } from '@cho40/shared/messages';

type Payer = NonNullable<Schemas['credit']['payer']>;

// Who paid, as all rails together know it, and what one of them says otherwise.
export function PayerFacts({ payer }: { payer: Payer | null }) {
  const t = useT();
  if (!payer) return null;
  const known = [payer.name, payer.bank_name, payer.account_number_masked].filter(Boolean).join(', ');
  return (
    <>
      {known ? <div><dt>{t('fact.payer')}</dt><dd>{known}</dd></div> : null}
      {payer.contradictions.map(({ fact, rail, told }) => (
        <div key={`${fact}${rail}${told}`}><dt>{t('payer.otherwise', { rail })}</dt><dd className="fact-warn">{t(`payer.${fact}`, { told })}</dd></div>
      ))}
    </>
  );
}
