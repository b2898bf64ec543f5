import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey, type Payment } from '@cho40/shared/api/client';
import { Button } from '@cho40/shared/components/controls';
import { Confirm } from '@cho40/shared/components/dialog';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

// What the server lets the seller do with this payment now, each with one question before it.
export function PaymentActs({ payment }: { payment: Payment }) {
  const may = new Set<string>(payment.acts);
  return (
    <>
      {may.has('shortage_waiver') && payment.state.name === 'underpaid' ? <Waive payment={payment} /> : null}
      {may.has('cancellation') ? <Cancel payment={payment} /> : null}
    </>
  );
}

function useAct(payment: Payment, call: (key: string) => Promise<Payment>, done: () => void) {
  const client = useQueryClient();
  const [key] = useState(newKey);
  return useMutation({
    mutationFn: () => call(key),
    onSuccess: (changed) => {
      client.setQueryData(['payment', payment.id], changed);
      void client.invalidateQueries({ queryKey: ['payment', payment.id] });
      void client.invalidateQueries({ queryKey: ['day-book', payment.stall] });
      void client.invalidateQueries({ queryKey: ['payments', payment.stall] });
      done();
    },
  });
}

function Waive({ payment }: { payment: Payment }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const left = money(payment.remaining);
  const act = useAct(payment, (key) => ask(api.POST('/v1/payments/{payment}/shortage-waiver', {
    params: { path: { payment: payment.id }, header: { 'Idempotency-Key': key } },
    body: { expected_remaining: payment.remaining, reason: { code: 'other' } },
  })), () => setOpen(false));
  return (
    <>
      <Button wide onPress={() => setOpen(true)}>{t('pay.waive', { amount: left })}</Button>
      <Confirm title={t('pay.waive_title', { amount: left })} text={t('pay.waive_text', { received: money(payment.received), amount: money(payment.amount) })} act={t('pay.waive', { amount: left })} isOpen={open} onClose={() => setOpen(false)} pending={act.isPending} error={act.error} onConfirm={() => act.mutate()} />
    </>
  );
}

function Cancel({ payment }: { payment: Payment }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const act = useAct(payment, (key) => ask(api.POST('/v1/payments/{payment}/cancellation', {
    params: { path: { payment: payment.id }, header: { 'Idempotency-Key': key } },
  })), () => setOpen(false));
  return (
    <>
      <Button wide look="quiet" onPress={() => setOpen(true)}>{t('pay.cancel')}</Button>
      <Confirm title={t('pay.cancel_title')} text={t('pay.cancel_text')} act={t('pay.cancel')} danger isOpen={open} onClose={() => setOpen(false)} pending={act.isPending} error={act.error} onConfirm={() => act.mutate()} />
    </>
  );
}
