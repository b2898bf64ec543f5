import { Empty, ErrorBox, Notice } from '@cho40/shared/components/feedback';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import type { Assessment } from '../data';

// What would be due, and why: the rate, the relief taken, and the reliefs that were valid but not used.
export function Preview({ assessed, error, retry }: { assessed: Assessment | undefined; error: unknown; retry: () => void }) {
  const t = useT();
  return (
    <section className="card preview" aria-labelledby="preview">
      <h2 id="preview">{t('new.preview')}</h2>
      {error ? <ErrorBox error={error} retry={retry} /> : null}
      {!assessed && !error ? <Empty icon="cash" title={t('new.preview_none')} /> : null}
      {assessed ? (
        <>
          <p className="preview-total" role="status">{assessed.total ? money(assessed.total) : t('fee.unknown')}</p>
          {!assessed.payable ? <Notice tone="warn" icon="alert" title={t('new.not_payable')}>{t('new.not_payable_text')}</Notice> : null}
          <FeeTable lines={assessed.lines} />
        </>
      ) : null}
    </section>
  );
}

export function FeeTable({ lines }: { lines: Assessment['lines'] }) {
  const t = useT();
  return (
    <ul className="fee-table">
      {lines.map((line, index) => (
        <li key={`${line.fee_code}${index}`}>
          <p className="fee-table-head"><span>{line.name}</span><strong>{line.due ? money(line.due) : t('fee.unknown')}</strong></p>
          {line.base && line.due && line.base.amount !== line.due.amount ? <p className="fee-table-base">{t('fee.base')} <s>{money(line.base)}</s></p> : null}
          <p className="quiet">{line.explanation}</p>
          {line.alternatives.length ? <p className="quiet">{t('fee.not_used', { list: line.alternatives.map((one) => one.text).join('; ') })}</p> : null}
          <p className="quiet">{line.legal_basis}</p>
        </li>
      ))}
    </ul>
  );
}
