import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { api, ask, newKey } from '@cho40/shared/api/client';
import { Button } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { ErrorBox } from '@cho40/shared/components/feedback';
import { money, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useCounter } from '../stall';

// Cash is part of the day's turnover. One question, one button that says what it does.
export function CashSheet({ amount, note, isOpen, onClose, onDone }: { amount: number; note: string; isOpen: boolean; onClose: () => void; onDone: () => void }) {
  const t = useT();
  const { stall } = useCounter();
  const client = useQueryClient();
  // The key belongs to the intention: the same sheet pressed twice records one sale.
  const key = useMemo(() => (isOpen ? newKey() : ''), [isOpen, amount, note]);
  const record = useMutation({
    mutationFn: () => ask(api.POST('/v1/stalls/{stall}/cash-sales', {
      params: { path: { stall: stall.id }, header: { 'Idempotency-Key': key } },
      body: { amount: { amount, currency: 'VND' }, sold_on: today(), ...(note ? { note } : {}) },
    })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['day-book', stall.id] });
      onDone();
    },
  });
  const { reset } = record;
  useEffect(() => { if (isOpen) reset(); }, [isOpen, reset]);
  return (
    <Sheet title={t('cash.title')} isOpen={isOpen} onClose={onClose}>
      <p className="sheet-amount">{money(amount)}</p>
      <p className="sheet-text">{t('cash.text')}</p>
      {record.error ? <ErrorBox act error={record.error} /> : null}
      <div className="sheet-acts">
        <Button look="primary" wide icon="cash" isPending={record.isPending} onPress={() => record.mutate()}>{t('cash.act', { amount: money(amount) })}</Button>
        <Button wide onPress={onClose}>{t('act.back')}</Button>
      </div>
    </Sheet>
  );
}
