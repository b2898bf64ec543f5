import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey, type Payment, type Schemas } from '@cho40/shared/api/client';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Confirm, Sheet } from '@cho40/shared/components/dialog';
import { Badge, ErrorBox } from '@cho40/shared/components/feedback';
import { money } from '@cho40/shared/format';
import { refundLook } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';

type Refund = Schemas['refund'];

function useRefresh(payment: string, stall: string) {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['payment', payment] });
    void client.invalidateQueries({ queryKey: ['refund'] });
    void client.invalidateQueries({ queryKey: ['day-book', stall] });
  };
}

// What was given back of this payment, what is still to be done about it, and the way to give back more.
export function Refunds({ payment }: { payment: Payment }) {
  const t = useT();
  const refunds = payment.refunds ?? [];
  const may = payment.acts.includes('refund');
  if (refunds.length === 0 && !may) return null;
  return (
    <section aria-labelledby="refunds">
      <h2 id="refunds">{t('refund.title')}</h2>
      {refunds.length === 0 ? <p className="sheet-text">{t('refund.none', { amount: money(payment.refundable ?? payment.received) })}</p> : null}
      <ul className="credits">{refunds.map((refund) => <li key={refund.id} className="card"><One refund={refund} /></li>)}</ul>
      {may ? <AskForRefund payment={payment} /> : null}
    </section>
  );
}

function One({ refund }: { refund: Refund }) {
  const t = useT();
  const look = refundLook(refund.state.name);
  const isDue = refund.state.name === 'due' && refund.method === 'bank_transfer';
  const whole = useQuery({
    queryKey: ['refund', refund.id, refund.version],
    enabled: isDue,
    queryFn: () => ask(api.GET('/v1/refunds/{refund}', { params: { path: { refund: refund.id } } })),
  });
  const to = whole.data?.destination;
  return (
    <>
      <div className="credit-head"><strong>{money(refund.amount)}</strong><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></div>
      <p className="sheet-text">{refund.next}</p>
      {isDue && whole.error ? <ErrorBox error={whole.error} retry={() => void whole.refetch()} /> : null}
      {to?.qr ? <img className="refund-qr" src={to.qr} alt={t('refund.qr', { amount: money(refund.amount) })} width={240} height={240} /> : null}
      {to ? <p>{t('refund.to', { name: to.account_name ?? '', bank: to.bank_name ?? '', account: to.account_number_masked })}</p> : null}
      <dl className="facts">
        <div><dt>{t('refund.code')}</dt><dd className="code">{refund.reference}</dd></div>
        {refund.transfer?.bank_reference ? <div><dt>{t('fact.trace')}</dt><dd className="code">{refund.transfer.bank_reference}</dd></div> : null}
      </dl>
      <Acts refund={refund} />
    </>
  );
}

type Step = 'approval' | 'rejection' | 'cancellation' | 'completion';

function Acts({ refund }: { refund: Refund }) {
  const t = useT();
  const [open, setOpen] = useState<Step | null>(null);
  return (
    <>
      {refund.acts.map((act) => (
        <Button key={act} wide look={act === 'cancellation' || act === 'rejection' ? 'quiet' : 'plain'} onPress={() => setOpen(act)}>{t(`refund.${act}`)}</Button>
      ))}
      {open ? <ActSheet key={open} refund={refund} step={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function ActSheet({ refund, step, onClose }: { refund: Refund; step: Step; onClose: () => void }) {
  const t = useT();
  const refresh = useRefresh(refund.payment, refund.stall);
  const [key] = useState(newKey);
  const [words, setWords] = useState('');
  const [number, setNumber] = useState('');
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
  });
  const text = step === 'cancellation' && sent ? t('refund.not_sent_text') : t(`refund.${step}_text`);
  return (
    <Confirm
      title={t(`refund.${step}_title`, { amount: money(refund.amount) })}
      text={
        <>
          <p>{text}</p>
          {step === 'completion' ? <TextField label={t('fact.trace')} value={number} onChange={setNumber} maxLength={64} /> : null}
          {step === 'completion' || step === 'rejection' ? <TextField label={t(`refund.${step}_words`)} value={words} onChange={setWords} maxLength={140} /> : null}
        </>
      }
      act={t(`refund.${step}`)} danger={step === 'cancellation' || step === 'rejection'} isOpen onClose={onClose}
      pending={act.isPending} error={act.error} onConfirm={() => act.mutate()}
    />
  );
}

function AskForRefund({ payment }: { payment: Payment }) {
  const t = useT();
  const refresh = useRefresh(payment.id, payment.stall);
  const left = payment.refundable ?? payment.received;
  const [key, setKey] = useState(newKey);
  const [open, setOpen] = useState(false);
  const [digits, setDigits] = useState('');
  const amount = Number(digits || '0');
  const wrong = amount < 1 || amount > left.amount ? t('refund.amount_wrong', { amount: money(left) }) : undefined;
  const act = useMutation({
    mutationFn: () => ask(api.POST('/v1/payments/{payment}/refunds', {
      params: { path: { payment: payment.id }, header: { 'Idempotency-Key': key } },
      body: { amount: { amount, currency: 'VND' }, expected_refundable: left, reason: { code: payment.excess.amount > 0 ? 'overpaid' : 'returned_goods' } },
    })),
    onSuccess: () => { setOpen(false); refresh(); },
    // The figure may have changed under us: what is shown next is the new one.
    onError: refresh,
  });
  const start = () => {
    setDigits(String(left.amount));
    setKey(newKey());
    act.reset();
    setOpen(true);
  };
  return (
    <>
      <Button wide icon="arrowsBoth" onPress={start}>{t('refund.act')}</Button>
      <Sheet title={t('refund.act')} isOpen={open} onClose={() => setOpen(false)}>
        <p className="sheet-text">{t('refund.text', { amount: money(left) })}</p>
        <TextField label={t('refund.amount')} inputMode="numeric" value={digits} maxLength={13} error={wrong}
          onChange={(value) => { setDigits(value.replace(/\D/g, '')); setKey(newKey()); }} />
        {act.error ? <ErrorBox act error={act.error} /> : null}
        <div className="sheet-acts">
          <Button look="primary" wide isPending={act.isPending} isDisabled={wrong !== undefined} onPress={() => act.mutate()}>{t('refund.confirm', { amount: money(amount) })}</Button>
          <Button wide onPress={() => setOpen(false)}>{t('act.back')}</Button>
        </div>
      </Sheet>
    </>
  );
}
