import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Payment } from '@cho40/shared/api/client';
import { Button, ButtonLink } from '@cho40/shared/components/controls';
import { Waiting as Wait } from '@cho40/shared/components/feedback';
import { Icon, type IconName } from '@cho40/shared/components/icons';
import type { Tone } from '@cho40/shared/components/feedback';
import { clockSeconds, minutes, money, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useDayBook, usePayment } from '../data';
import { KnownAsOf } from '../parts/known-as-of';
import { PaymentActs } from '../parts/payment-acts';
import { ScreenshotCheck } from '../parts/screenshot-check';
import { TopBar } from '../parts/top-bar';
import { useAwake, useNow } from '../parts/use-tick';
import { useCounter } from '../stall';

const closesAfter = 4;

export function WaitingPage({ id }: { id: string }) {
  const t = useT();
  const { live } = useCounter();
  const payment = usePayment(id, true, live === 'open');
  useTitle(t('wait.title'));
  useAwake();
  return (
    <div className="page page-wait">
      <TopBar title={t('wait.title')} back="/" />
      <main id="main" className="wait" tabIndex={-1}>
        {payment.data ? <Stage payment={payment.data} /> : <Wait query={payment} shape="panel" label={t('loading.payment')} />}
      </main>
    </div>
  );
}

// Which of the six pictures this payment is now. `showQr`: the seller asked for the code of the missing rest.
function Stage({ payment }: { payment: Payment }) {
  const t = useT();
  const [showRest, setShowRest] = useState(false);
  const received = money(payment.received);
  const asked = money(payment.amount);
  const at = clockSeconds(payment.state.since);

  switch (payment.state.name) {
    case 'created':
    case 'waiting':
      return <QrStage payment={payment} />;
    case 'in_doubt':
      return <Doubt payment={payment} />;
    case 'paid':
      // Paid once more after it was settled: the second payment is the customer's, so this page does not go away by itself.
      if (payment.excess.amount > 0) {
        return (
          <Outcome tone="warn" icon="arrowsBoth" title={t('wait.twice', { amount: money(payment.excess) })} spoken={payment.spoken} facts={t('wait.at', { at })}>
            <p className="outcome-more">{t('wait.twice_text', { amount: money(payment.excess) })}</p>
            <Finish payment={payment} />
          </Outcome>
        );
      }
      return <Enough payment={payment} />;
    case 'underpaid':
      if (showRest) return <QrStage payment={payment} rest onBack={() => setShowRest(false)} />;
      return (
        <Outcome tone="warn" icon="alert" title={t('wait.short', { amount: money(payment.remaining) })} spoken={payment.spoken} facts={t('wait.received_of', { received, asked, at })}>
          <Button look="primary" wide onPress={() => setShowRest(true)}>{t('wait.rest')}</Button>
          <PaymentActs payment={payment} />
          <ScreenshotCheck payment={payment.id} />
        </Outcome>
      );
    case 'overpaid':
      return (
        <Outcome tone="warn" icon="arrowsBoth" title={t('wait.over', { amount: money(payment.excess) })} spoken={payment.spoken} facts={t('wait.received_over', { received, asked, at })}>
          <p className="outcome-more">{t('wait.over_text', { amount: money(payment.excess) })}</p>
          <Finish payment={payment} />
        </Outcome>
      );
    case 'paid_late':
      return (
        <Outcome tone="warn" icon="clock" title={t('wait.late', { amount: received })} spoken={payment.spoken} facts={t('wait.at', { at })}>
          <p className="outcome-more">{t('wait.late_text')}</p>
          <Finish payment={payment} />
        </Outcome>
      );
    case 'cancelled':
      return <Outcome tone="still" icon="cross" title={t('wait.cancelled')} facts={t('wait.cancelled_text')}><Finish payment={payment} again /></Outcome>;
    case 'failed':
      return <Outcome tone="bad" icon="cross" title={t('wait.failed')} facts={payment.state.reason?.text ?? t('wait.failed_text')}><Finish payment={payment} again /></Outcome>;
    default:
      return (
        <Outcome tone="still" icon="clock" title={t('wait.expired')} facts={t('wait.expired_text')}>
          <Finish payment={payment} again />
          <ScreenshotCheck payment={payment.id} />
        </Outcome>
      );
  }
}

function QrStage({ payment, rest, onBack }: { payment: Payment; rest?: boolean; onBack?: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { stall, live } = useCounter();
  const day = useDayBook(stall.id, today(), live === 'open');
  const now = useNow(true);
  const whole = Math.max(1, Date.parse(payment.expires_at) - Date.parse(payment.created_at));
  const left = Math.max(0, Date.parse(payment.expires_at) - now);
  const over = left === 0;
  useEffect(() => { if (over) void client.invalidateQueries({ queryKey: ['payment', payment.id] }); }, [over, client, payment.id]);
  const amount = money(rest ? payment.remaining : payment.amount);
  return (
    <>
      <section className="qr-card" aria-label={t('wait.qr', { amount })}>
        <img key={payment.version} className="qr" src={payment.qr.image} alt={t('wait.qr', { amount })} width="320" height="320" />
        <p className="qr-amount">{amount}</p>
        {rest ? <p className="qr-rest">{t('wait.rest_of', { asked: money(payment.amount) })}</p> : null}
        <p className="qr-payee"><strong>{t('vendor.stall', { number: stall.number, name: stall.name })}</strong><span>{payment.payee.account_name}</span><span>{payment.payee.bank_name} {payment.payee.account_number_masked}</span></p>
      </section>
      <div className="wait-state" role="timer" aria-label={t('wait.left', { time: minutes(left / 1000) })}>
        <Ring part={left / whole} />
        <div aria-hidden="true">
          <p className="wait-word">{t('state.waiting')}</p>
          <p className="wait-left">{t('wait.left', { time: minutes(left / 1000) })} · {payment.reference}</p>
        </div>
      </div>
      <KnownAsOf at={day.data?.money_known_as_of} />
      <div className="wait-acts">
        {rest && onBack ? <Button wide onPress={onBack}>{t('act.back')}</Button> : <PaymentActs payment={payment} />}
        <ScreenshotCheck payment={payment.id} />
      </div>
    </>
  );
}

function Ring({ part }: { part: number }) {
  const around = 2 * Math.PI * 18;
  return (
    <svg className="ring" viewBox="0 0 44 44" aria-hidden="true">
      <circle cx="22" cy="22" r="18" className="ring-ground" />
      <circle cx="22" cy="22" r="18" className="ring-left" strokeDasharray={around} strokeDashoffset={around * (1 - Math.min(1, part))} transform="rotate(-90 22 22)" />
    </svg>
  );
}

function Outcome({ tone, icon, title, facts, spoken, children }: { tone: Tone; icon: IconName; title: string; facts?: ReactNode; spoken?: string | null; children?: ReactNode }) {
  return (
    <section className={`outcome tone-${tone}`}>
      <div className="outcome-head" role="status">
        <span className="outcome-icon"><Icon name={icon} size={64} /></span>
        <h2>{title}</h2>
        {facts ? <p className="outcome-facts">{facts}</p> : null}
        {spoken ? <p className="outcome-spoken"><Icon name="speaker" size={20} /> {spoken}</p> : null}
      </div>
      <div className="outcome-acts">{children}</div>
    </section>
  );
}

// Nothing red and no verdict while the bank has not spoken: only how long, and when next.
function Doubt({ payment }: { payment: Payment }) {
  const t = useT();
  const now = useNow(true);
  const next = payment.state.next_check_at ? Math.ceil((Date.parse(payment.state.next_check_at) - now) / 1000) : 0;
  const since = minutes((now - Date.parse(payment.state.since)) / 1000);
  return (
    <Outcome tone="ask" icon="question" title={t('wait.doubt')} facts={<strong>{t('wait.doubt_text')}</strong>}>
      <p className="outcome-more">{next > 0 ? t('wait.doubt_next', { seconds: next }) : t('wait.doubt_now')} · {t('wait.doubt_since', { time: since })}</p>
      <ScreenshotCheck payment={payment.id} />
      <ButtonLink wide href="/">{t('wait.sell_on')}</ButtonLink>
    </Outcome>
  );
}

// Enough. Goes home by itself after four seconds, unless somebody touches the page: then it stays.
function Enough({ payment }: { payment: Payment }) {
  const t = useT();
  const { go } = useRouter();
  const [stay, setStay] = useState(false);
  const fresh = useRef(Date.now() - Date.parse(payment.state.since) < 60_000);
  const [left, setLeft] = useState(closesAfter);
  useEffect(() => {
    if (stay || !fresh.current) return undefined;
    const timer = setInterval(() => setLeft((seconds) => seconds - 1), 1000);
    const hold = () => setStay(true);
    window.addEventListener('pointerdown', hold);
    window.addEventListener('keydown', hold);
    return () => {
      clearInterval(timer);
      window.removeEventListener('pointerdown', hold);
      window.removeEventListener('keydown', hold);
    };
  }, [stay]);
  useEffect(() => { if (left <= 0 && !stay) go('/', { replace: true }); }, [left, stay, go]);
  const waived = payment.state.reason?.code === 'shortage_waived';
  return (
    <Outcome tone="ok" icon="check" title={waived ? t('wait.waived', { amount: money(payment.received) }) : t('wait.enough', { amount: money(payment.received) })} spoken={payment.spoken} facts={t('wait.at', { at: clockSeconds(payment.state.since) })}>
      <Finish payment={payment} />
      {!stay && fresh.current ? <p className="outcome-more">{t('wait.closes', { seconds: Math.max(left, 0) })}</p> : null}
    </Outcome>
  );
}

function Finish({ payment, again }: { payment: Payment; again?: boolean }) {
  const t = useT();
  return (
    <>
      <ButtonLink look="primary" wide href="/">{again ? t('wait.new') : t('wait.sell_on')}</ButtonLink>
      <div className="outcome-row">
        <ButtonLink wide icon="document" href={`/payments/${payment.id}`}>{t('wait.open')}</ButtonLink>
        {again ? null : <Button wide icon="print" onPress={() => window.print()}>{t('act.print')}</Button>}
      </div>
    </>
  );
}
