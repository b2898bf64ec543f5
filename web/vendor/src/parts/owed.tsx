import { useState } from 'react';
import type { Schemas } from '@cho40/shared/api/client';
import { Link } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { Icon } from '@cho40/shared/components/icons';
import { dateTime, money } from '@cho40/shared/format';
import { refundLook } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';
import { useCounter } from '../stall';
import { CreditMatch } from './credit-match';

type Owed = Schemas['owed'];

const surplusLook = { tone: 'warn', icon: 'arrowsBoth', word: 'owed.surplus' } as const;

// What the stall still has to give back, since when, and what it waits for; a row leaves when the money has.
export function OwedList({ owed }: { owed: Owed[] }) {
  const t = useT();
  const { stall } = useCounter();
  const [open, setOpen] = useState<Owed | null>(null);
  if (owed.length === 0) return null;
  return (
    <section aria-labelledby="owed">
      <h2 id="owed" className="owed-title">{t('day.refund_due')}</h2>
      <ul className="lines">{owed.map((one) => <li key={one.refund ?? one.payment}><Row owed={one} onOpen={setOpen} /></li>)}</ul>
      <Sheet title={open ? money(open.amount) : ''} isOpen={open !== null} onClose={() => setOpen(null)}>
        {open?.credit ? <CreditMatch stall={stall.id} credit={open.credit} onDone={() => setOpen(null)} /> : null}
      </Sheet>
    </section>
  );
}

function Row({ owed, onOpen }: { owed: Owed; onOpen: (owed: Owed) => void }) {
  const t = useT();
  const look = owed.state ? refundLook(owed.state) : surplusLook;
  const inside = (
    <>
      <span className={`line-icon tone-${look.tone}`}><Icon name={look.icon} size={20} /></span>
      <span className="line-amount">{money(owed.amount)}</span>
      <span className={`line-word tone-${look.tone}`}>{t(look.word)}</span>
      <span className="line-tell"><span className="line-since">{t('owed.since', { when: dateTime(owed.since), code: owed.reference })}</span> {owed.text}</span>
    </>
  );
  return owed.payment
    ? <Link className="line line-owed" href={`/payments/${owed.payment}`}>{inside}</Link>
    : <button type="button" className="line line-owed" onClick={() => onOpen(owed)}>{inside}</button>;
}
