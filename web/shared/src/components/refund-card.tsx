import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, type Schemas } from '../api/client';
import { useKeyOf } from '../api/intention';
import { dateTime, money } from '../format';
import { useT } from '../messages';
import { refundLook } from '../payment-state';
import { Button, TextField } from './controls';
import { Confirm } from './dialog';
import { Badge, ErrorBox, Notice } from './feedback';
import { MatchFacts } from './transfer-match';

type Refund = Schemas['refund'];

// One refund: where it stands, where the money goes, what left the account under its code, and what may be done about it.
export function RefundCard({ refund, onChange }: { refund: Refund; onChange: () => void }) {
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
      <Acts refund={refund} onChange={onChange} />
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

function Acts({ refund, onChange }: { refund: Refund; onChange: () => void }) {
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
      {open ? <ActSheet key={open} refund={refund} onChange={onChange} step={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function ActSheet({ refund, onChange, step, onClose }: { refund: Refund; onChange: () => void; step: Step; onClose: () => void }) {
  const t = useT();
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
    onSuccess: () => { onChange(); onClose(); },
    onError: onChange,
  });
  const text = step === 'cancellation' && sent ? t('refund.not_sent_text')
    : step === 'approval' && refund.agency ? t('refund.approval_text_agency') : t(`refund.${step}_text`);
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
