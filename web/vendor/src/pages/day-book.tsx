import { useState } from 'react';
import type { DayLine } from '@cho40/shared/api/client';
import { Button, IconButton } from '@cho40/shared/components/controls';
import { Empty, Waiting } from '@cho40/shared/components/feedback';
import { addDays, day as dayText, hourOf, money, today, weekday } from '@cho40/shared/format';
import { kindLook, kindOrder } from '@cho40/shared/payment-state';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useDayBook, type Day } from '../data';
import { HourBars } from '../parts/hour-bars';
import { KnownAsOf, MoneyGaps } from '../parts/known-as-of';
import { Line } from '../parts/line';
import { LineSheet } from '../parts/line-sheet';
import { OwedList } from '../parts/owed';
import { TopBar } from '../parts/top-bar';
import { useCounter } from '../stall';

export function DayBookPage() {
  const t = useT();
  const { stall, live } = useCounter();
  const { query, go } = useRouter();
  const asked = query.get('date');
  const date = asked && /^\d{4}-\d{2}-\d{2}$/.test(asked) ? asked : today();
  const book = useDayBook(stall.id, date, live === 'open');
  const show = (next: string) => go(next === today() ? '/day-book' : `/day-book?date=${next}`, { replace: true });
  useTitle(t('day.title'));
  return (
    <div className="page">
      <TopBar title={t('day.title')} back="/" keptAt={book.data?.keptAt} />
      <main id="main" className="day" tabIndex={-1}>
        <nav className="day-nav" aria-label={t('day.choose')}>
          <IconButton icon="back" label={t('day.before')} onPress={() => show(addDays(date, -1))} />
          <label className="day-date"><span className="visually-hidden">{t('day.choose')}</span><span>{t(`weekday.${weekday(date)}` as 'weekday.0')} {dayText(date)}</span><input type="date" value={date} max={today()} onChange={(event) => { if (event.target.value) show(event.target.value); }} /></label>
          <IconButton icon="forward" label={t('day.after')} isDisabled={date >= today()} onPress={() => show(addDays(date, 1))} />
        </nav>
        {book.data && book.data.date === date ? <Book book={book.data} onYesterday={() => show(addDays(date, -1))} /> : <Waiting query={{ ...book, isPending: book.isPending || book.isPlaceholderData }} shape="panel" label={t('loading.day')} />}
      </main>
    </div>
  );
}

function Book({ book, onYesterday }: { book: Day; onYesterday: () => void }) {
  const t = useT();
  const { stall } = useCounter();
  const [kind, setKind] = useState<string | null>(null);
  const [open, setOpen] = useState<DayLine | null>(null);
  const { totals } = book;
  const counts = new Map(totals.by_kind.map((row) => [row.kind as string, row]));
  const shown = kind ? book.lines.filter((line) => line.kind === kind) : book.lines;
  const hours = [...new Set(shown.map((line) => hourOf(line.at)))];
  const isToday = book.date === today();

  const share = () => void navigator.share?.({
    title: t('day.title'),
    text: t('day.share', { date: dayText(book.date), stall: t('vendor.stall', { number: stall.number, name: stall.name }), sum: money(totals.all.sum), count: totals.all.count }),
  }).catch(() => undefined);

  return (
    <>
      <section className="day-totals" aria-label={t('day.totals')}>
        <p className="day-label">{t('day.in')}</p>
        <p className="day-sum">{money(totals.all.sum)}</p>
        <p className="day-count">{t('home.count', { count: totals.all.count })}</p>
        <dl className="day-split">
          <div><dt>{t('day.bank')}</dt><dd>{money(totals.bank.sum)}<small>{t('home.count', { count: totals.bank.count })}</small></dd></div>
          <div><dt>{t('day.cash')}</dt><dd>{money(totals.cash.sum)}<small>{t('home.count', { count: totals.cash.count })}</small></dd></div>
          <div><dt>{t('day.refund_due')}</dt><dd>{money(totals.refund_due.sum)}<small>{t('home.count', { count: totals.refund_due.count })}</small></dd></div>
        </dl>
        {isToday ? <KnownAsOf at={book.money_known_as_of} /> : null}
      </section>
      <MoneyGaps gaps={book.money_gaps ?? []} />
      <OwedList owed={book.to_give_back} />
      {book.lines.length === 0 ? (
        <Empty icon="book" title={isToday ? t('day.empty') : t('day.empty_past')} action={<Button icon="back" onPress={onYesterday}>{t('day.before')}</Button>}>{isToday ? t('day.empty_text') : null}</Empty>
      ) : (
        <>
          <HourBars hours={book.hours} />
          <div className="chips" role="group" aria-label={t('day.filter')}>
            <button type="button" className="chip" aria-pressed={kind === null} onClick={() => setKind(null)}>{t('day.all')}</button>
            {kindOrder.filter((name) => (counts.get(name)?.count ?? 0) > 0).map((name) => (
              <button key={name} type="button" className="chip" aria-pressed={kind === name} onClick={() => setKind(kind === name ? null : name)}>{t(kindLook(name).word)} <span>{counts.get(name)!.count}</span></button>
            ))}
          </div>
          <p className="visually-hidden" role="status">{t('day.shown', { count: shown.length })}</p>
          {shown.length === 0 ? <Empty icon="search" title={t('day.none')} action={<Button onPress={() => setKind(null)}>{t('day.all')}</Button>} /> : null}
          {hours.map((hour) => {
            const all = book.hours.find((row) => row.hour === hour);
            return (
              <section key={hour} className="day-hour" aria-label={t('day.hour_label', { hour: String(hour) })}>
                <h2><span>{t('day.hour_label', { hour: String(hour) })}</span>{kind === null && all ? <span>{money(all.sum)}</span> : null}</h2>
                <ul className="lines">
                  {shown.filter((line) => hourOf(line.at) === hour).map((line) => <li key={`${line.kind}${line.credit ?? line.cash_sale ?? line.payment}${line.at}${line.trace_tail}`}><Line line={line} onOpen={setOpen} /></li>)}
                </ul>
              </section>
            );
          })}
        </>
      )}
      <div className="day-acts">
        <Button icon="print" onPress={() => window.print()}>{t('act.print')}</Button>
        {'share' in navigator ? <Button icon="share" onPress={share}>{t('act.share')}</Button> : null}
      </div>
      <LineSheet line={open} onClose={() => setOpen(null)} />
    </>
  );
}
