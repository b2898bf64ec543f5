import { Badge, Empty, Loading, ErrorBox, Waiting } from '@cho40/shared/components/feedback';
import { Button, ButtonLink } from '@cho40/shared/components/controls';
import { clockSeconds, dateTime, day, dayOf, money } from '@cho40/shared/format';
import { kindLook, stateLook } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import type { Payment } from '@cho40/shared/api/client';
import { MatchFacts } from '@cho40/shared/components/transfer-match';
import { useCredits, usePayment } from '../data';
import { PayerFacts } from '../parts/payer';
import { PaymentActs } from '../parts/payment-acts';
import { Refunds } from '../parts/refunds';
import { TopBar } from '../parts/top-bar';
import { useCounter } from '../stall';

export function PaymentPage({ id }: { id: string }) {
  const t = useT();
  const { live } = useCounter();
  const payment = usePayment(id, true, live === 'open');
  useTitle(t('pay.title'));
  return (
    <div className="page">
      <TopBar title={t('pay.title')} back="/day-book" />
      <main id="main" className="story" tabIndex={-1}>
        {payment.data ? <Story payment={payment.data} /> : <Waiting query={payment} shape="card" label={t('loading.payment')} />}
      </main>
    </div>
  );
}

function Story({ payment }: { payment: Payment }) {
  const t = useT();
  const look = stateLook(payment.state.name);
  const waits = ['created', 'waiting', 'underpaid', 'in_doubt'].includes(payment.state.name);
  return (
    <>
      <section className="story-head">
        <p className="story-amount">{money(payment.amount)}</p>
        <Badge tone={look.tone} icon={look.icon}>{payment.state.name === 'underpaid' ? t('state.underpaid_by', { amount: money(payment.remaining) }) : t(look.word)}</Badge>
        {payment.spoken ? <p className="story-spoken">{payment.spoken}</p> : null}
      </section>
      <dl className="facts card">
        <div><dt>{t('fact.received')}</dt><dd><strong>{money(payment.received)}</strong></dd></div>
        {payment.remaining.amount > 0 ? <div><dt>{t('fact.remaining')}</dt><dd>{money(payment.remaining)}</dd></div> : null}
        {payment.excess.amount > 0 ? <div><dt>{t('fact.excess')}</dt><dd>{money(payment.excess)}</dd></div> : null}
        <div><dt>{t('fact.created')}</dt><dd>{dateTime(payment.created_at)}</dd></div>
        <div><dt>{t('fact.reference')}</dt><dd className="code">{payment.reference}</dd></div>
        {payment.note ? <div><dt>{t('fact.note')}</dt><dd>{payment.note}</dd></div> : null}
        {payment.state.next_check_at ? <div><dt>{t('fact.next_check')}</dt><dd>{clockSeconds(payment.state.next_check_at)}</dd></div> : null}
      </dl>
      <Credits id={payment.id} />
      <Refunds of={{ id: payment.id, object: 'payment', stall: payment.stall, acts: payment.acts, refunds: payment.refunds ?? [], left: payment.refundable ?? payment.received, isTooMuch: payment.excess.amount > 0 }} />
      <section aria-labelledby="timeline">
        <h2 id="timeline">{t('pay.timeline')}</h2>
        {payment.timeline ? (
          <ol className="timeline">
            {payment.timeline.map((step, index) => (
              <li key={`${step.at}${index}`}>
                <time dateTime={step.at}>{clockSeconds(step.at)}</time>
                <span>{step.text}{step.amount ? <strong> {money(step.amount)}</strong> : null}{step.by ? <small> {step.by}</small> : null}</span>
              </li>
            ))}
          </ol>
        ) : <Loading shape="lines" label={t('pay.timeline')} />}
        <p className="story-day">{day(dayOf(payment.created_at))}</p>
      </section>
      <div className="story-acts">
        {waits ? <ButtonLink look="primary" wide href={`/payments/${payment.id}/waiting`}>{t('pay.show_qr')}</ButtonLink> : null}
        <PaymentActs payment={payment} />
        <Button wide look="quiet" icon="print" onPress={() => window.print()}>{t('act.print')}</Button>
      </div>
    </>
  );
}

function Credits({ id }: { id: string }) {
  const t = useT();
  const credits = useCredits(id);
  return (
    <section aria-labelledby="credits">
      <h2 id="credits">{t('pay.credits')}</h2>
      {credits.error ? <ErrorBox error={credits.error} retry={() => void credits.refetch()} /> : null}
      {credits.isPending ? <Loading shape="card" label={t('pay.credits')} /> : null}
      {credits.data?.data.length === 0 ? <Empty icon="bank" title={t('pay.no_credit')}>{t('pay.no_credit_text')}</Empty> : null}
      <ul className="credits">
        {credits.data?.data.map((credit) => {
          const look = kindLook(credit.kind);
          return (
            <li key={credit.id} className="card">
              <div className="credit-head"><strong>{money(credit.amount)}</strong><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></div>
              <dl className="facts">
                <div><dt>{t('fact.booked')}</dt><dd>{dateTime(credit.booked_at)}</dd></div>
                <PayerFacts payer={credit.payer} />
                <div><dt>{t('fact.trace')}</dt><dd className="code">{credit.bank_reference}</dd></div>
                <MatchFacts narrative={credit.narrative} match={credit.match} />
                <div><dt>{t('fact.rails')}</dt><dd>{credit.rails.join(', ')}</dd></div>
                {credit.refund_due ? <div><dt>{t('fact.refund_due')}</dt><dd>{money(credit.refund_due)}</dd></div> : null}
              </dl>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
