// The API as a program uses it: one sign-in, its cookie and token, a key for every write.
import { randomUUID } from 'node:crypto';

export class Refused extends Error {
  constructor(method, path, status, problem) {
    super(`${method} ${path}: ${status} ${problem?.code ?? ''} ${problem?.detail ?? problem?.title ?? ''} ${JSON.stringify(problem?.errors ?? [])}`);
    this.status = status;
    this.problem = problem;
  }
}

export class Api {
  constructor(url) { this.url = url; }

  static async signedIn(url, { login, password }) {
    const api = new Api(url);
    const answer = await fetch(`${url}/v1/sign-ins`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password }) });
    const body = await answer.json();
    if (!answer.ok) throw new Refused('POST', '/v1/sign-ins', answer.status, body);
    api.cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    api.csrf = body.csrf_token;
    api.user = body.user;
    return api;
  }

  async call(method, path, body, { raw, type } = {}) {
    const headers = { Cookie: this.cookie, ...(method === 'GET' ? {} : { 'X-CSRF-Token': this.csrf, 'Idempotency-Key': randomUUID() }), ...(body === undefined ? {} : { 'Content-Type': type ?? 'application/json' }) };
    const answer = await fetch(this.url + path, { method, headers, body: raw ? body : body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    const value = text && (answer.headers.get('Content-Type') ?? '').includes('json') ? JSON.parse(text) : text;
    if (!answer.ok) throw new Refused(method, path, answer.status, value);
    return value;
  }

  get(path) { return this.call('GET', path); }
  post(path, body) { return this.call('POST', path, body); }
}
