import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from '../generated/schema';
import { currentLang } from '../messages';
import { learn } from './clock';

export type Schemas = components['schemas'];
export type Problem = Schemas['problem'];
export type Payment = Schemas['payment'];
export type Credit = Schemas['credit'];
export type DayBook = Schemas['day_book'];
export type DayLine = Schemas['day_line'];
export type Stall = Schemas['stall'];
export type User = Schemas['user'];

// A refused request, with the server's own words. `code` decides what a page does; people read `title` and `detail`.
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = 'ApiError';
  }
}

// No answer at all: the network is away. Nothing is known about the effect, so only the same key may be sent again.
export class OfflineError extends Error {
  constructor() {
    super('offline');
    this.name = 'OfflineError';
  }
}

let csrf: string | null = null;
export const rememberCsrf = (token: string | undefined): void => { if (token) csrf = token; };

export const newKey = (): string => crypto.randomUUID();

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', currentLang());
    if (request.method !== 'GET' && csrf) request.headers.set('X-CSRF-Token', csrf);
    return request;
  },
  onResponse({ response }) { learn(response.headers.get('Date')); },
};

const client = createClient<paths>({
  baseUrl: location.origin,
  credentials: 'same-origin',
  fetch: async (request) => {
    try {
      return await fetch(request);
    } catch {
      throw new OfflineError();
    }
  },
});
client.use(headers);
export const api = client;

const unknown = (response: Response): Problem => ({
  type: 'about:blank', title: `HTTP ${response.status}`, status: response.status, code: 'internal_error',
  request_id: response.headers.get('X-Request-Id') ?? '–', retry: { advice: response.status >= 500 ? 'retry_same_key' : 'do_not_retry' },
});

// Turns the client's pair of data and error into a value or a thrown ApiError.
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = error && typeof error === 'object' && 'code' in error ? (error as Problem) : unknown(response);
  if (response.status === 401) window.dispatchEvent(new Event('cho40:signed-out'));
  throw new ApiError(problem);
}
