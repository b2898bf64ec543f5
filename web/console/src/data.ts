import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ask, type Schemas } from '@cho40/shared/api/client';
import { isMoving } from './parts/tax-look';

export type Household = Schemas['tax_household'];
export type TaxReturn = Schemas['tax_return'];
export type Notice = Schemas['fee_notice'];
export type Assessment = Schemas['assessment'];

export type ReconSheet = Schemas['recon_closing'];
export type LeagueRow = Schemas['recon_provider_league']['partners'][number];
export type PartnerDay = Schemas['recon_day']['partners'][number];

export const useHouseholds = (filter: { q: string; period: string; tier: string }) => useInfiniteQuery({
  queryKey: ['households', filter],
  initialPageParam: '',
  placeholderData: keepPreviousData,
  queryFn: ({ pageParam }) => ask(api.GET('/v1/tax/households', { params: { query: { period: filter.period, limit: 50, ...(filter.q ? { q: filter.q } : {}), ...(filter.tier ? { tier: filter.tier } : {}), ...(pageParam ? { cursor: pageParam } : {}) } } })),
  getNextPageParam: (last) => (last.page.has_more ? last.page.next : null),
});

export const useHousehold = (household: string) => useQuery({
  queryKey: ['household', household],
  queryFn: () => ask(api.GET('/v1/tax/households/{household}', { params: { path: { household } } })),
});

export const useTurnover = (household: string, period: string) => useQuery({
  queryKey: ['turnover', household, period],
  queryFn: () => ask(api.GET('/v1/tax/households/{household}/turnover', { params: { path: { household }, query: { period } } })),
});

// The newest return of a household for a period; null when there is none.
export const useReturnOf = (household: string, period: string) => useQuery<TaxReturn | null>({
  queryKey: ['return-of', household, period],
  refetchInterval: (query) => (query.state.data && isMoving(query.state.data.state.name) ? 1500 : false),
  queryFn: async () => {
    const found = await ask(api.GET('/v1/tax-returns', { params: { query: { household, period, limit: 1 } } }));
    const newest = found.data[0];
    return newest ? ask(api.GET('/v1/tax-returns/{ret}', { params: { path: { ret: newest.id } } })) : null;
  },
});

export const useFeeItems = (q: string) => useQuery({
  queryKey: ['fee-items', q],
  placeholderData: keepPreviousData,
  staleTime: 5 * 60_000,
  queryFn: () => ask(api.GET('/v1/fee-items', { params: { query: { limit: 50, ...(q ? { q } : {}) } } })),
});

export const useNotices = (agency: string) => useInfiniteQuery({
  queryKey: ['notices', agency],
  initialPageParam: '',
  queryFn: ({ pageParam }) => ask(api.GET('/v1/fee-notices', { params: { query: { agency, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } } })),
  getNextPageParam: (last) => (last.page.has_more ? last.page.next : null),
});

// Others ask and decide meanwhile, and nobody tells this page: it looks again by itself.
export const useWaitingRefunds = () => useInfiniteQuery({
  queryKey: ['waiting-refunds'],
  initialPageParam: '',
  refetchInterval: 30_000,
  queryFn: ({ pageParam }) => ask(api.GET('/v1/waiting-refunds', { params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } } })),
  getNextPageParam: (last) => (last.page.has_more ? last.page.next : null),
});

export const useNotice = (notice: string) => useQuery<Notice>({
  queryKey: ['notice', notice],
  refetchInterval: (query) => {
    const told = query.state.data;
    // A refund ends when the bank tells of the transfer, which nobody tells this page.
    if (told?.refunds?.some((one) => !one.state.finished)) return 10_000;
    return told?.written_at || told?.state.name === 'cancelled' ? false : 3000;
  },
  queryFn: () => ask(api.GET('/v1/fee-notices/{notice}', { params: { path: { notice } } })),
});

export const useReconDay = (date: string) => useQuery({
  queryKey: ['recon-day', date],
  queryFn: () => ask(api.GET('/v1/recon/days/{date}', { params: { path: { date } } })),
});

// One partner's day, with what has changed since it was signed.
export const usePartnerDay = (date: string, partner: string) => useQuery({
  queryKey: ['recon-day', date, partner],
  queryFn: () => ask(api.GET('/v1/recon/days/{date}', { params: { path: { date }, query: { partner } } })),
});

export const useReconSheet = (closing: string) => useQuery<ReconSheet>({
  queryKey: ['recon-sheet', closing],
  // The same address gives a table or a paper when asked for; without, it is JSON.
  queryFn: async () => (await ask(api.GET('/v1/recon/closings/{closing}', { params: { path: { closing } } }))) as ReconSheet,
});

export const useLeague = (from: string, to: string) => useQuery<Schemas['recon_provider_league']>({
  queryKey: ['league', from, to],
  queryFn: async () => (await ask(api.GET('/v1/recon/provider-league', { params: { query: { from, to } } }))) as Schemas['recon_provider_league'],
});

export const useCollector = (agency: string, from: string, to: string) => useQuery<Schemas['collector_statement']>({
  queryKey: ['collector', agency, from, to],
  queryFn: async () => (await ask(api.GET('/v1/collector-statements/{agency}', { params: { path: { agency }, query: { from, to } } }))) as Schemas['collector_statement'],
});
