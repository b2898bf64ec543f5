import type { DayLine } from '@cho40/shared/api/client';
import { Link } from '@cho40/shared/components/controls';
import { Icon } from '@cho40/shared/components/icons';
import { kindLook } from '@cho40/shared/payment-state';
import { clock, money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

// One line of the day: icon, time, amount, who, and the word for what it is.
export function Line({ line, onOpen }: { line: DayLine; onOpen: (line: DayLine) => void }) {
  const t = useT();
  const look = kindLook(line.kind);
  const inside = (
    <>
      <span className={`line-icon tone-${look.tone}`}><Icon name={look.icon} size={20} /></span>
      <span className="line-time">{clock(line.at)}</span>
      <span className="line-amount">{(line.kind === 'short' || line.kind === 'refund_differs') && line.asked ? <>{money(line.amount)} <small>/ {money(line.asked)}</small></> : money(line.amount)}</span>
      {line.problem ? <span className="line-tell">{line.problem.text}</span> : <span className="line-who">{line.note ?? line.payer ?? line.reference ?? ''}</span>}
      <span className={`line-word tone-${look.tone}`}>{t(look.word)}</span>
    </>
  );
  const className = `line${line.needs_attention ? ' line-attention' : ''}`;
  return line.payment
    ? <Link className={className} href={`/payments/${line.payment}`}>{inside}</Link>
    : <button type="button" className={className} onClick={() => onOpen(line)}>{inside}</button>;
}
