import { useEffect, useState } from 'react';
import type { LiveEvent } from '@cho40/shared/live';
import { Icon } from '@cho40/shared/components/icons';
import { IconButton, Link } from '@cho40/shared/components/controls';
import { kindLook, stateLook } from '@cho40/shared/payment-state';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter } from '@cho40/shared/router';

const shownFor = 8000;

// Money came while the seller was on another page: seen, read aloud by a screen reader, and gone by itself. The same
// text stays on the page in the live region, so that nothing is lost to who looks later.
export function Arrival({ event, onGone }: { event: LiveEvent | null; onGone: () => void }) {
  const t = useT();
  const { path } = useRouter();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!event || held) return undefined;
    const timer = setTimeout(onGone, shownFor);
    return () => clearTimeout(timer);
  }, [event, held, onGone]);

  // Refunds make no sound: what is shown of them is read again.
  const told = event?.data.object;
  const thing = told?.object === 'refund' ? undefined : told;
  const look = thing ? (thing.object === 'payment' ? stateLook(event?.type === 'payment.duplicate' ? 'overpaid' : thing.state.name) : kindLook(thing.kind)) : null;
  const amount = thing ? (thing.object === 'payment' ? thing.received : thing.amount) : null;
  const word = look ? (event?.type === 'payment.duplicate' ? t('kind.duplicate') : t(look.word)) : '';
  const here = thing?.object === 'payment' && path === `/payments/${thing.id}/waiting`;

  return (
    <>
      <div className="visually-hidden" role="status" aria-live="assertive" data-testid="spoken">{event ? (event.spoken ?? `${word} ${amount ? money(amount) : ''}`) : ''}</div>
      {event && look && amount && !here ? (
        <section aria-label={t('arrival.title')} className={`arrival tone-${look.tone}`} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <Icon name={look.icon} size={28} />
          <div className="arrival-text">
            <p className="arrival-amount">{money(amount)} <span>{word}</span></p>
            {event.spoken ? <p className="arrival-spoken">{event.spoken}</p> : null}
          </div>
          {thing?.object === 'payment' ? <Link className="arrival-link" href={`/payments/${thing.id}`}>{t('act.look')}</Link> : <Link className="arrival-link" href="/day-book">{t('act.look')}</Link>}
          <IconButton icon="cross" label={t('act.close')} onPress={onGone} />
        </section>
      ) : null}
    </>
  );
}
