import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, type Schemas } from '@cho40/shared/api/client';
import { useKeyOf } from '@cho40/shared/api/intention';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { ErrorBox } from '@cho40/shared/components/feedback';
import { RefundCard } from '@cho40/shared/components/refund-card';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

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

// What was given back of it, what is still to be done about it, and the way to give back more.
export function Refunds({ of }: { of: Refundable }) {
  const t = useT();
  const refresh = useRefresh(of.stall);
  const may = of.acts.includes('refund');
  const [asking, setAsking] = useState(0);
  if (of.refunds.length === 0 && !may && !asking) return null;
  return (
    <section className="refunds" aria-labelledby="refunds">
      <h2 id="refunds">{t('refund.title')}</h2>
      {of.refunds.length === 0 ? <p className="sheet-text">{t('refund.none', { amount: money(of.left) })}</p> : null}
      {of.refunds.length > 0 ? <ul className="credits">{of.refunds.map((refund) => <li key={refund.id} className="card refund"><RefundCard refund={refund} onChange={refresh} /></li>)}</ul> : null}
      {may ? <Button wide icon="arrowsBoth" onPress={() => setAsking(asking + 1)}>{t('refund.act')}</Button> : null}
      {asking ? <AskForRefund key={asking} of={of} /> : null}
    </section>
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
