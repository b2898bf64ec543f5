import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey, type Schemas } from '@cho40/shared/api/client';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Confirm, Sheet } from '@cho40/shared/components/dialog';
import { Badge, ErrorBox, Notice } from '@cho40/shared/components/feedback';
import { dateTime, money } from '@cho40/shared/format';
import { refundLook } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';
import { MatchFacts } from './match';

type Refund = Schemas['refund'];
type Money = Schemas['money'];

// What can be given back: a payment, or money that names none.
export interface Refundable { id: string; object: 'payment' | 'credit'; stall: string; acts: string[]; refunds: Refund[]; left: Money; isTooMuch: boolean }

function useRefresh(stall: string) {
  const client = useQueryClient();
  return () => {
    for (const one of ['payment', 'credit', 'refund']) void client.invalidateQueries({ queryKey: [one] });
    void client.invalidateQueries({ queryKey: ['day-book', stall] });
  };
}

// One key for one intention: the same again after a lost answer, another as soon as something else is asked for.
function useKeyOf(intention: string) {
  const [kept, setKept] = useState({ intention, key: newKey() });
  if (kept.intention !== intention) setKept({ intention, key: newKey() });
  return kept.key;
}

// What was given back of it, what is still to be done about it, and the way to give back more.
export function Refunds({ of }: { of: Refundable }) {
  const t = useT();
  const may = of.acts.includes('refund');
  const [asking, setAsking] = useState(0);
  if (of.refunds.length === 0 && !may && !asking) return null;
  return (
    <section className="refunds" aria-labelledby="refunds">
      <h2 id="refunds">{t('refund.title')}</h2>
      {of.refunds.length === 0 ? <p className="sheet-text">{t('refund.none', { amount: money(of.left) })}</p> : null}
      {of.refunds.length > 0 ? <ul className="credits">{of.refunds.map((refund) => <li key={refund.id} className="card refund"><One refund={refund} stall={of.stall} /></li>)}</ul> : null}
      {may ? <Button wide icon="arrowsBoth" onPress={() => setAsking(asking + 1)}>{t('refund.act')}</Button> : null}
      {asking ? <AskForRefund key={asking} of={of} /> : null}
    </section>
  );
}

function One({ refund, stall }: { refund: Refund; stall: string }) {
  const t = useT();
  const look = refundLook(refund.state.name);
  const isDue = refund.state.name === 'due' && refund.method === 'bank_transfer';
  const whole = useQuery({
    queryKey: ['refund', refund.id, refund.version, refund.outflow?.left.amount],
    enabled: isDue,
    queryFn: () => ask(api.GET('/v1/refunds/{refund}', { params: { path: { refund: refund.id } } })),
  });
  const to = whole.data?.destination;
  return (
    <>
      <div className="credit-head"><strong>{money(refund.amount)}</strong><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></div>
      {refund.outflow ? <Outflow outflow={refund.outflow} /> : null}
      {refund.outflow ? null : <p className="sheet-text">{refund.next}</p>}
      {isDue && whole.error ? <ErrorBox error={whole.error} retry={() => void whole.refetch()} /> : null}
      {to?.qr ? <img className="refund-qr" src={to.qr} alt={t('refund.qr', { amount: money(to.amount) })} width={240} height={240} /> : null}
      {isDue && whole.data?.destination_unknown ? <p className="fact-warn">{whole.data.destination_unknown.text}</p> : null}
      {to ? <p>{t('refund.to', { name: to.account_name ?? '', bank: to.bank_name ?? '', account: to.account_number_masked })}</p> : null}
      <dl className="facts">
        <div><dt>{t('refund.code')}</dt><dd className="code">{refund.reference}</dd></div>
        {refund.transfer?.bank_reference ? <div><dt>{t('fact.trace')}</dt><dd className="code">{refund.transfer.bank_reference}</dd></div> : null}
        {refund.returned_by ? <div><dt>{t('refund.returned_at')}</dt><dd>{dateTime(refund.returned_by.booked_at)}</dd></div> : null}
      </dl>
      <Acts refund={refund} stall={stall} />
    </>
  );
}

// Money that left under the refund's code and is not simply it: what, and what to do. The bank's own words for whoever compares.
function Outflow({ outflow }: { outflow: NonNullable<Refund['outflow']> }) {
  const t = useT();
  return (
    <>
      <Notice tone="bad" icon="alert" title={outflow.text}>{outflow.next}</Notice>
      {outflow.movements.map((one) => (
        <dl key={`${one.rail}${one.bank_reference}${one.booked_at}`} className="facts">
          <div><dt>{t('refund.left')}</dt><dd><strong>{money(one.amount)}</strong></dd></div>
          <div><dt>{t('fact.booked')}</dt><dd>{dateTime(one.booked_at)}</dd></div>
          {one.bank_reference ? <div><dt>{t('fact.trace')}</dt><dd className="code">{one.bank_reference}</dd></div> : null}
          <MatchFacts narrative={one.narrative} match={one.match} />
        </dl>
      ))}
    </>
  );
}

// What goes on first, what ends it last.
const steps = ['approval', 'completion', 'rejection', 'cancellation'] as const;
type Step = (typeof steps)[number];

function Acts({ refund, stall }: { refund: Refund; stall: string }) {
  const t = useT();
  const [open, setOpen] = useState<Step | null>(null);
  return (
    <>
      {refund.acts.length > 0 ? (
        <div className="refund-acts">
          {steps.filter((act) => refund.acts.includes(act)).map((act) => (
            <Button key={act} wide look={act === 'cancellation' || act === 'rejection' ? 'quiet' : 'plain'} onPress={() => setOpen(act)}>{t(`refund.${act}`)}</Button>
          ))}
        </div>
      ) : null}
      {open ? <ActSheet key={open} refund={refund} stall={stall} step={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function ActSheet({ refund, stall, step, onClose }: { refund: Refund; stall: string; step: Step; onClose: () => void }) {
  const t = useT();
  const refresh = useRefresh(stall);
  const [words, setWords] = useState('');
  const [number, setNumber] = useState('');
  const key = useKeyOf(`${words}/${number}`);
  const params = { path: { refund: refund.id }, header: { 'Idempotency-Key': key } };
  const sent = refund.state.name === 'in_doubt' || refund.state.name === 'sent';
  const act = useMutation({
    mutationFn: (): Promise<Refund> => {
      switch (step) {
        case 'approval': return ask(api.POST('/v1/refunds/{refund}/approval', { params }));
        case 'rejection': return ask(api.POST('/v1/refunds/{refund}/rejection', { params, body: { reason: words } }));
        case 'cancellation': return ask(api.POST('/v1/refunds/{refund}/cancellation', { params, body: sent ? { surely_not_sent: true } : {} }));
        case 'completion': return ask(api.POST('/v1/refunds/{refund}/completion', { params, body: { bank_reference: number, evidence: words } }));
      }
    },
    onSuccess: () => { refresh(); onClose(); },
    onError: refresh,
  });
  const text = step === 'cancellation' && sent ? t('refund.not_sent_text') : t(`refund.${step}_text`);
  return (
    <Confirm
      title={t(`refund.${step}_title`, { amount: money(refund.amount) })}
      text={
        <>
          <p className="sheet-text">{text}</p>
          {step === 'completion' ? <TextField label={t('fact.trace')} value={number} onChange={setNumber} maxLength={64} /> : null}
          {step === 'completion' || step === 'rejection' ? <TextField label={t(`refund.${step}_words`)} value={words} onChange={setWords} maxLength={140} /> : null}
        </>
      }
      act={t(`refund.${step}`)} danger={step === 'cancellation' || step === 'rejection'} isOpen onClose={onClose}
      pending={act.isPending} error={act.error} onConfirm={() => act.mutate()}
    />
  );
}

function AskForRefund({ of }: { of: Refundable }) {
  const t = useT();
  const refresh = useRefresh(of.stall);
  const { left } = of;
  const [open, setOpen] = useState(true);
  const [digits, setDigits] = useState(String(left.amount));
  const amount = Number(digits || '0');
  const wrong = amount < 1 || amount > left.amount ? t('refund.amount_wrong', { amount: money(left) }) : undefined;
  const key = useKeyOf(`${amount}/${left.amount}`);
  const act = useMutation({
    mutationFn: () => {
      const header = { 'Idempotency-Key': key };
      const body = { amount: { amount, currency: 'VND' as const }, expected_refundable: left, reason: { code: of.object === 'credit' ? 'wrong_payment' as const : of.isTooMuch ? 'overpaid' as const : 'returned_goods' as const } };
      return of.object === 'payment'
        ? ask(api.POST('/v1/payments/{payment}/refunds', { params: { path: { payment: of.id }, header }, body }))
        : ask(api.POST('/v1/stalls/{stall}/credits/{credit}/refunds', { params: { path: { stall: of.stall, credit: of.id }, header }, body }));
    },
    onSuccess: () => { setOpen(false); refresh(); },
    // The figure may have changed under us: what is shown next is the new one.
    onError: refresh,
  });
  return (
    <Sheet title={t('refund.act')} isOpen={open} onClose={() => setOpen(false)}>
      {left.amount > 0 ? (
        <>
          <p className="sheet-text">{t('refund.text', { amount: money(left) })}</p>
          <TextField label={t('refund.amount')} inputMode="numeric" value={digits} maxLength={13} error={wrong} onChange={(value) => setDigits(value.replace(/\D/g, ''))} />
        </>
      ) : <p className="sheet-text">{t('refund.nothing_left')}</p>}
      {act.error ? <ErrorBox act error={act.error} /> : null}
      <div className="sheet-acts">
        {left.amount > 0 ? <Button look="primary" wide isPending={act.isPending} isDisabled={wrong !== undefined} onPress={() => act.mutate()}>{t('refund.confirm', { amount: money(amount) })}</Button> : null}
        <Button wide onPress={() => setOpen(false)}>{t('act.back')}</Button>
      </div>
    </Sheet>
  );
}
