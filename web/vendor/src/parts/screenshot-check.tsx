import { useState, type FormEvent } from 'react';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { Notice } from '@cho40/shared/components/feedback';
import { clock, money, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useDayBook } from '../data';
import { useCounter } from '../stall';

// A picture of a transfer proves nothing. The day book does: same amount, same last four characters of the trace.
export function ScreenshotCheck({ payment }: { payment: string }) {
  const t = useT();
  const { stall, live } = useCounter();
  const [open, setOpen] = useState(false);
  const [amount, setAmount] = useState('');
  const [tail, setTail] = useState('');
  const [asked, setAsked] = useState<{ amount: number; tail: string } | null>(null);
  const day = useDayBook(stall.id, today(), live === 'open');

  const check = (event: FormEvent) => {
    event.preventDefault();
    setAsked({ amount: Number(amount.replace(/\D/g, '')), tail: tail.trim().toUpperCase() });
    void day.refetch();
  };
  const found = asked ? day.data?.lines.find((line) => line.kind !== 'cash' && line.amount.amount === asked.amount && (line.trace_tail ?? '').toUpperCase() === asked.tail) : undefined;
  return (
    <>
      <Button look="quiet" wide icon="question" onPress={() => setOpen(true)}>{t('shot.open')}</Button>
      <Sheet title={t('shot.title')} isOpen={open} onClose={() => { setOpen(false); setAsked(null); }}>
        <form onSubmit={check}>
          <TextField label={t('shot.amount')} inputMode="numeric" value={amount} onChange={(text) => { setAmount(text.replace(/[^\d.]/g, '')); setAsked(null); }} isRequired />
          <TextField label={t('shot.tail')} help={t('shot.tail_help')} value={tail} maxLength={4} onChange={(text) => { setTail(text); setAsked(null); }} isRequired />
          <div role="status">
            {asked && !day.isFetching ? (
              found
                ? found.payment && found.payment !== payment
                  ? <Notice tone="warn" icon="alert" title={t('shot.used', { time: clock(found.at) })}>{t('shot.used_text')}</Notice>
                  : <Notice tone="ok" icon="check" title={t('shot.found', { time: clock(found.at) })}>{money(found.amount)}</Notice>
                : <Notice tone="ask" icon="question" title={t('shot.none')}>{t('shot.none_text')}</Notice>
            ) : null}
          </div>
          <Button type="submit" look="primary" wide isPending={day.isFetching}>{t('shot.check')}</Button>
        </form>
      </Sheet>
    </>
  );
}
