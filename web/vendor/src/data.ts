import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ask, OfflineError, type DayBook, type Payment, type Stall } from '@cho40/shared/api/client';
import { keep, kept } from '@cho40/shared/kept';
import { today } from '@cho40/shared/format';

// A day as the server told it, or as this phone remembers it: then `keptAt` says since when.
export type Day = DayBook & { keptAt?: string };

async function orKept<T extends object>(name: string, call: () => Promise<T>): Promise<T & { keptAt?: string }> {
  try {
    const value = await call();
    keep(name, value);
    return value;
  } catch (error) {
    const last = error instanceof OfflineError ? kept<T>(name) : null;
    if (!last) throw error;
    return { ...last.value, keptAt: last.at };
  }
}

export const useStall = (stall: string) => useQuery<Stall>({
  queryKey: ['stall', stall],
  staleTime: 10 * 60_000,
  queryFn: () => orKept(`stall.${stall}`, () => ask(api.GET('/v1/stalls/{stall}', { params: { path: { stall } } }))),
});

// A day is shown whole; the lists behind it come in pages.
async function wholeDay(stall: string, date: string): Promise<DayBook> {
  let cursor: string | undefined;
  let book: DayBook | undefined;
  do {
    const page: DayBook = await ask(api.GET('/v1/stalls/{stall}/day-book', { params: { path: { stall }, query: { date, limit: 200, ...(cursor ? { cursor } : {}) } } }));
    book = book ? { ...page, lines: [...book.lines, ...page.lines] } : page;
    cursor = page.page.has_more ? (page.page.next ?? undefined) : undefined;
  } while (cursor);
  return book;
}

export const useDayBook = (stall: string, date: string, live = true) => useQuery<Day>({
  queryKey: ['day-book', stall, date],
  placeholderData: keepPreviousData,
  // The stream tells of money; that a bank was heard without any is only asked for.
  refetchInterval: live ? 60_000 : 10_000,
  queryFn: () => {
    const call = () => wholeDay(stall, date);
    return date === today() ? orKept<DayBook>(`day.${stall}`, call) : call();
  },
});

// Codes that still wait for money, newest first.
export const useOpenPayments = (stall: string, live: boolean) => useQuery<Payment[]>({
  queryKey: ['payments', stall, 'open'],
  refetchInterval: live ? 60_000 : 10_000,
  queryFn: async () => (await ask(api.GET('/v1/payments', { params: { query: { stall, state: 'created,waiting,underpaid,in_doubt', limit: 10 } } }))).data,
});

// `watch`: a page on which people wait for this payment. With the stream open this is only the safety net.
export const usePayment = (payment: string, watch: boolean, live: boolean) => useQuery<Payment>({
  queryKey: ['payment', payment],
  refetchInterval: watch ? (live ? 15_000 : 3_000) : false,
  queryFn: () => ask(api.GET('/v1/payments/{payment}', { params: { path: { payment } } })),
});

export const useCredit = (stall: string, credit: string) => useQuery({
  queryKey: ['credit', credit],
  queryFn: () => ask(api.GET('/v1/stalls/{stall}/credits/{credit}', { params: { path: { stall, credit } } })),
});

export const useCredits = (payment: string) => useQuery({
  queryKey: ['payment', payment, 'credits'],
  queryFn: () => ask(api.GET('/v1/payments/{payment}/credits', { params: { path: { payment } } })),
});
