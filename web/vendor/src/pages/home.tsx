import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, ask, newKey, type DayLine } from '@cho40/shared/api/client';
import { Button, Link, TextField } from '@cho40/shared/components/controls';
import { Empty, ErrorBox, Waiting } from '@cho40/shared/components/feedback';
import { Sheet } from '@cho40/shared/components/dialog';
import { Icon } from '@cho40/shared/components/icons';
import { clock, money, percent, today, weekday } from '@cho40/shared/format';
import { stateLook } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useDayBook, useOpenPayments, type Day } from '../data';
import { CashSheet } from '../parts/cash-sheet';
import { Sparkline } from '../parts/hour-bars';
import { Amount, Keypad } from '../parts/keypad';
import { Line } from '../parts/line';
import { LineSheet } from '../parts/line-sheet';
import { SoundStrip, TopBar } from '../parts/top-bar';
import { useCounter } from '../stall';

const lastLines = 5;

export function Home() {
  const t = useT();
  const { stall, live } = useCounter();
  const { go } = useRouter();
  const client = useQueryClient();
  const day = useDayBook(stall.id, today(), live === 'open');
  const [amount, setAmount] = useState(0);
  const [note, setNote] = useState('');
  const [noting, setNoting] = useState(false);
  const [cash, setCash] = useState(false);
  const [open, setOpen] = useState<DayLine | null>(null);
  useTitle(t('vendor.stall', { number: stall.number, name: stall.name }));

  // One key for one amount and note: a second press after a lost answer finds the same payment.
  const key = useMemo(newKey, [amount, note, stall.id]);
  const create = useMutation({
    mutationFn: () => ask(api.POST('/v1/payments', {
      params: { header: { 'Idempotency-Key': key } },
      body: { stall: stall.id, amount: { amount, currency: 'VND' }, ...(note ? { note } : {}) },
    })),
    onSuccess: (payment) => {
      client.setQueryData(['payment', payment.id], payment);
      go(`/payments/${payment.id}/waiting`);
    },
  });
  const { mutate, reset, isPending } = create;
  // On a small phone the error would stand below the edge, behind the button that was pressed.
  const error = useRef<HTMLDivElement>(null);
  useEffect(() => { if (create.error) error.current?.scrollIntoView({ block: 'nearest' }); }, [create.error]);
  const change = useCallback((next: number) => { setAmount(next); reset(); }, [reset]);
  const enter = useCallback(() => { if (amount > 0 && !isPending) mutate(); }, [amount, isPending, mutate]);

  return (
    <div className="page page-home">
      <TopBar keptAt={day.data?.keptAt} />
      <SoundStrip />
      <main id="main" className="home" tabIndex={-1}>
        <div className="home-sell">
          <TodayPanel day={day.data} />
          <section className="pad" aria-label={t('home.ask')}>
            <Amount amount={amount} />
            {note ? <p className="pad-note"><Icon name="note" size={18} /> {note}</p> : null}
            <Keypad amount={amount} onChange={change} onEnter={enter} />
            <div className="pad-side">
              <Button look="quiet" icon="note" onPress={() => setNoting(true)}>{t('home.note')}</Button>
              <Button look="quiet" icon="cash" isDisabled={amount === 0} onPress={() => setCash(true)}>{t('home.cash')}</Button>
            </div>
            {create.error ? <div ref={error} className="pad-error"><ErrorBox act error={create.error} retry={enter} /></div> : null}
            <div className="pad-act">
              <Button look="primary" wide isDisabled={amount === 0} isPending={isPending} onPress={enter}>{amount === 0 ? t('home.create_none') : t('home.create', { amount: money(amount) })}</Button>
            </div>
          </section>
        </div>
        <div className="home-lines">
          <OpenPayments />
          <section aria-labelledby="last">
            <h2 id="last">{t('home.last')}</h2>
            {day.data ? <LastLines day={day.data} onOpen={setOpen} /> : <Waiting query={day} shape="lines" label={t('loading.day')} />}
          </section>
        </div>
      </main>
      <Sheet title={t('home.note')} isOpen={noting} onClose={() => setNoting(false)}>
        <form onSubmit={(event) => { event.preventDefault(); setNoting(false); }}>
          <TextField label={t('home.note_label')} help={t('home.note_help')} value={note} onChange={setNote} maxLength={140} autoFocus />
          <Button type="submit" look="primary" wide>{t('act.done')}</Button>
        </form>
      </Sheet>
      <CashSheet amount={amount} note={note} isOpen={cash} onClose={() => setCash(false)} onDone={() => { setCash(false); setAmount(0); setNote(''); }} />
      <LineSheet line={open} onClose={() => setOpen(null)} />
    </div>
  );
}

function TodayPanel({ day }: { day: Day | undefined }) {
  const t = useT();
  const total = day?.totals.all;
  const compared = day?.compared;
  return (
    <Link className="today" href="/day-book">
      <span className="today-label">{t('home.today')}</span>
      <span className="today-sum">{total ? money(total.sum) : '—'}</span>
      <span className="today-count">{total ? t('home.count', { count: total.count }) : ''}</span>
      {day ? <Sparkline hours={day.hours} /> : <span className="spark" />}
      <span className="today-more">
        {compared && compared.difference_bp !== 0 ? t(compared.difference_bp >= 0 ? 'home.more_than' : 'home.less_than', { day: t(`weekday.${weekday(compared.date)}` as 'weekday.0'), percent: percent(Math.abs(Math.round(compared.difference_bp / 100) * 100)) }) : t('menu.day_book')}
        <Icon name="forward" size={18} />
      </span>
    </Link>
  );
}

// Codes somebody may still be paying: one tap back to the QR.
function OpenPayments() {
  const t = useT();
  const { stall, live } = useCounter();
  const open = useOpenPayments(stall.id, live === 'open');
  if (!open.data?.length) return null;
  return (
    <section aria-labelledby="open">
      <h2 id="open">{t('home.open')}</h2>
      <ul className="lines">
        {open.data.map((payment) => {
          const look = stateLook(payment.state.name);
          return (
            <li key={payment.id}>
              <Link className={`line${payment.state.name === 'underpaid' ? ' line-attention' : ''}`} href={`/payments/${payment.id}/waiting`}>
                <span className={`line-icon tone-${look.tone}`}><Icon name={look.icon} size={20} /></span>
                <span className="line-time">{clock(payment.created_at)}</span>
                <span className="line-amount">{money(payment.amount)}</span>
                <span className="line-who">{payment.note ?? payment.reference}</span>
                <span className={`line-word tone-${look.tone}`}>{payment.state.name === 'underpaid' ? t('state.underpaid_by', { amount: money(payment.remaining) }) : t(look.word)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function LastLines({ day, onOpen }: { day: Day; onOpen: (line: DayLine) => void }) {
  const t = useT();
  const { stall, live } = useCounter();
  const waiting = new Set(useOpenPayments(stall.id, live === 'open').data?.map((payment) => payment.id));
  if (day.lines.length === 0) return <Empty icon="cash" title={t('home.empty')}>{t('home.empty_text')}</Empty>;
  // What waits for the rest of its money stands in the list above already.
  const open = day.lines.filter((line) => line.needs_attention && !(line.payment && waiting.has(line.payment)));
  const rest = day.lines.filter((line) => !open.includes(line)).slice(0, Math.max(lastLines - open.length, 2));
  return (
    <ul className="lines">
      {[...open, ...rest].map((line) => <li key={`${line.kind}${line.credit ?? line.cash_sale ?? line.payment}${line.at}${line.trace_tail}`}><Line line={line} onOpen={onOpen} /></li>)}
    </ul>
  );
}
