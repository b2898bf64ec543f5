// A stand-in for the service, good for building pages and for checks of single components. It serves web/dist under the
// same content policy as the service, and answers the API as openapi.json describes it; every answer is held against the schema.
import { createServer } from 'node:http';
import { readFileSync, existsSync, statSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import QRCode from 'qrcode';
import { Fees } from './fees.mjs';
import { id, marketDay, now, vnd } from './ids.mjs';
import { Market } from './market.mjs';
import { Recon } from './recon.mjs';
import { Refunds } from './refunds.mjs';
import { checker } from './schema.mjs';
import { Tax } from './tax.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json' };

class Refusal extends Error {
  constructor(status, code, title, extra = {}) { super(code); this.answer = { status, code, title, extra }; }
}

export async function startMock({ port = 0, seed = true } = {}) {
  const check = checker();
  const world = { market: new Market(), fees: new Fees(), refunds: new Refunds(), recon: new Recon(), faults: [], sessions: new Map(), keys: new Map() };
  world.tax = new Tax(world.market);
  if (seed) world.market.seed();
  const { market, fees, tax, refunds, recon } = world;
  const person = (login, name, roles, stalls, agencies) => ({ id: id('usr'), object: 'user', name, login, roles, stalls, agencies });
  const people = [
    person('bathe', 'Nguyễn Thị Thế', ['vendor'], market.stalls.map((stall) => market.brief(stall)), []),
    person('chongthe', 'Nguyễn Văn Bình', ['vendor'], market.stalls.map((stall) => market.brief(stall)), []),
    person('moi', 'Người mới', ['vendor'], [market.brief(market.stalls[1])], []),
    person('khong', 'Không sạp', ['vendor'], [], []),
    person('thue', 'Trần Thị Lan', ['tax_officer', 'operator'], [], []),
    person('vanhanh', 'Phạm Thị Mai', ['operator'], [], []),
    person('haiphong', 'Vũ Thị Mai', ['agency'], [], [fees.agency, { ...fees.agency, id: id('agc'), name: 'Sở Tư pháp' }]),
    person('thungan', 'Đỗ Văn Nam', ['agency'], [], [fees.agency]),
    person('kiemsoat', 'Lê Văn Lân', ['operator'], [], []),
    person('banquanly', 'Phạm Thị Hoa', ['market_board'], [], []),
  ];

  const page = (rows, query, extra = {}) => {
    const limit = Number(query.get('limit') ?? 50);
    const from = query.get('cursor') ? Number(Buffer.from(query.get('cursor'), 'base64url').toString()) : 0;
    const more = rows.length > from + limit;
    return { data: rows.slice(from, from + limit), page: { has_more: more, next: more ? Buffer.from(String(from + limit)).toString('base64url') : null, prev: null }, as_of: now(), ...extra };
  };
  const found = (thing) => { if (!thing) throw new Refusal(404, 'not_found', 'Không tìm thấy'); return thing; };
  const payment = ({ params }) => found(market.payments.get(params.payment));
  const flat = ({ timeline, ...rest }) => rest;
  const credit = ({ params }) => found(market.credits.find((one) => one.id === params.credit && one.stall === params.stall));
  const refund = ({ params }) => found(refunds.all.get(params.refund));
  const ask = (thing, received, call) => {
    const left = refunds.left(thing.id, received);
    if (call.body.expected_refundable.amount !== left) throw new Refusal(412, 'version_mismatch', 'Dữ liệu đã thay đổi', { detail: `Còn được hoàn ${new Intl.NumberFormat('vi-VN').format(left)} đ. Hãy xem lại rồi hoàn tiếp.` });
    const made = refunds.make(thing, received, call.body, call.session.user.id);
    return [made.approval.needed ? 202 : 201, refunds.seen(made, call.session.user.id)];
  };
  const askOfNotice = (call) => {
    const one = found(fees.notices.get(call.params.notice));
    const told = refunds.ofNotice(one, call.session.user.id);
    if (call.body.expected_refundable.amount !== told.refundable.amount) throw new Refusal(412, 'version_mismatch', 'Dữ liệu đã thay đổi', { detail: 'Hãy xem lại rồi hoàn tiếp.' });
    const made = refunds.makeOfNotice(told, told.refundable.amount, call.body, call.session.user.id);
    return [made.approval.needed ? 202 : 201, refunds.seen(made, call.session.user.id)];
  };
  const step = (name, from, change) => (call) => {
    const one = refund(call);
    if (!from.includes(one.state.name)) throw new Refusal(409, 'invalid_state', 'Khoản hoàn này đã khác', { detail: 'Hãy xem lại.' });
    if (['due', 'rejected'].includes(name) && one.maker === call.session.user.id) throw new Refusal(403, 'maker_cannot_check', 'Người lập không được duyệt', { detail: 'Khoản hoàn này do bạn lập, cần người khác duyệt.' });
    return [200, refunds.seen(change ? change(one, call.body) : refunds.move(one, name), call.session.user.id)];
  };
  const sheet = ({ params }) => found(recon.closings.find((one) => one.id === params.closing));
  const decide = (name) => (call) => {
    const one = sheet(call);
    if (one.prepared_by.id === call.session.user.id) throw new Refusal(403, 'maker_cannot_check', 'Người lập không được duyệt');
    if (one.state.finished) throw new Refusal(409, 'invalid_state', 'Bản này đã được ký hoặc trả lại rồi');
    return [200, recon.decide(one, name, call.session.user, call.body.reason)];
  };
  const household = ({ params }) => found(tax.households.find((one) => one.id === params.household));

  const routes = [
    ['POST', '/v1/sign-ins', 'sign_in', (call) => {
      const user = people.find((one) => one.login === call.body.login);
      if (!user || call.body.password !== 'matkhau-cho40') throw new Refusal(401, 'login_failed', 'Tên đăng nhập hoặc mật khẩu không đúng', { detail: 'Kiểm tra lại rồi thử lần nữa.' });
      const token = randomUUID();
      const csrf = randomUUID();
      world.sessions.set(token, { user, csrf });
      call.cookie = `__Host-sid=${token}; Path=/; Secure; HttpOnly; SameSite=Lax`;
      return [201, { user: { ...user, csrf_token: csrf }, csrf_token: csrf, expires_at: new Date(Date.now() + 86400_000).toISOString() }];
    }, 'open'],
    ['DELETE', '/v1/sign-ins/current', null, (call) => { world.sessions.delete(call.token); return [204]; }],
    ['GET', '/v1/me', 'user', (call) => [200, { ...call.session.user, csrf_token: call.session.csrf }]],
    ['POST', '/v1/payments', 'payment', (call) => [201, flat(market.createPayment(call.body))]],
    ['GET', '/v1/payments', 'payment_list', ({ query }) => [200, page([...market.payments.values()].filter((one) => (!query.get('stall') || one.stall === query.get('stall')) && (!query.get('state') || query.get('state').split(',').includes(one.state.name))).map(flat).reverse(), query)]],
    ['GET', '/v1/payments/:payment', 'payment', (call) => [200, refunds.told(payment(call), payment(call).received.amount, call.session.user.id)]],
    ['POST', '/v1/payments/:payment/refunds', 'refund', (call) => ask(payment(call), payment(call).received.amount, call)],
    ['GET', '/v1/waiting-refunds', 'waiting_refund_list', ({ query, session }) => { const rows = refunds.waiting(session.user, market, people); return [200, page(rows, query, rows.length ? {} : { why_empty: { code: 'nothing_waits', text: 'Không có khoản hoàn nào chờ duyệt.' } })]; }],
    ['GET', '/v1/refunds/:refund', 'refund', (call) => [200, refunds.whole(refund(call), call.session.user.id)]],
    ['GET', '/v1/refunds/:refund/qr', null, async (call) => { call.type = 'image/svg+xml'; return [200, await QRCode.toString(`hoan ${refund(call).reference}`, { type: 'svg', margin: 2 })]; }],
    ['POST', '/v1/refunds/:refund/approval', 'refund', step('due', ['awaiting_approval'])],
    ['POST', '/v1/refunds/:refund/rejection', 'refund', step('rejected', ['awaiting_approval'])],
    ['POST', '/v1/refunds/:refund/cancellation', 'refund', step('cancelled', ['awaiting_approval', 'due'])],
    ['POST', '/v1/refunds/:refund/completion', 'refund', step('done', ['due'], (one, body) => refunds.pay(one, body.bank_reference))],
    ['GET', '/v1/payments/:payment/qr', null, async (call) => { call.type = 'image/svg+xml'; return [200, await QRCode.toString(payment(call).qr.payload, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })]; }],
    ['POST', '/v1/payments/:payment/cancellation', 'payment', (call) => { const one = payment(call); if (!one.acts.includes('cancellation')) throw new Refusal(409, 'invalid_state', 'Mã này đã đóng'); market.cancel(one); return [200, one]; }],
    ['POST', '/v1/payments/:payment/shortage-waiver', 'payment', (call) => {
      const one = payment(call);
      if (one.state.name !== 'underpaid') throw new Refusal(409, 'invalid_state', 'Khoản này không thiếu');
      if (call.body.expected_remaining.amount !== one.remaining.amount) throw new Refusal(412, 'version_mismatch', 'Số còn thiếu đã thay đổi', { current_version: one.version });
      market.waive(one);
      return [200, one];
    }],
    ['GET', '/v1/payments/:payment/credits', 'credit_list', (call) => [200, page(market.credits.filter((one) => one.payment === payment(call).id), call.query)]],
    ['GET', '/v1/stalls/:stall', 'stall', ({ params }) => [200, found(market.stalls.find((one) => one.id === params.stall))]],
    ['GET', '/v1/stalls/:stall/credits/:credit', 'credit', (call) => { const one = credit(call);
      if (one.payment) return [200, one];
      const told = refunds.told(one, one.amount.amount, call.session.user.id);
      return [200, told.refundable.amount < one.amount.amount ? { ...told, suggestion: null } : told];
    }],
    ['POST', '/v1/stalls/:stall/credits/:credit/refunds', 'refund', (call) => ask(credit(call), credit(call).amount.amount, call)],
    ['POST', '/v1/stalls/:stall/credits/:credit/assignment', 'payment', (call) => {
      const one = credit(call);
      if (one.payment) throw new Refusal(409, 'invalid_state', 'Không làm được lúc này', { detail: 'Khoản tiền này đã được ghi cho khoản khác.' });
      return [200, market.assign(one, found(market.payments.get(call.body.payment)))];
    }],
    ['GET', '/v1/stalls/:stall/day-book', 'day_book', ({ params, query }) => [200, market.dayBook(params.stall, query.get('date') ?? marketDay(), [...market.surpluses(params.stall, (payment) => refunds.of(payment).length > 0), ...refunds.owed(params.stall)], refunds.differing(params.stall))]],
    ['POST', '/v1/stalls/:stall/sign-checks', 'sign_check', ({ params, body }) => [200, market.checkSign(params.stall, body.payload)]],
    ['POST', '/v1/stalls/:stall/cash-sales', 'cash_sale', ({ params, body }) => [201, market.recordCash(params.stall, body)]],
    ['GET', '/v1/recon/days/:date', 'recon_day', ({ params, query }) => [200, recon.day(params.date, query.get('partner'))]],
    ['POST', '/v1/recon/runs', null, () => { recon.compare(); return [201, { id: recon.run.id }]; }],
    ['POST', '/v1/recon/days/:date/closings', 'recon_closing', ({ session }) => {
      if (recon.blocking) throw new Refusal(409, 'invalid_state', 'Không làm được lúc này', { detail: 'Còn 1 khoản lệch chặn việc khoá ngày.', errors: [{ pointer: id('exc'), code: 'invalid_state', detail: recon.blocking }] });
      return [201, recon.prepare(session.user)];
    }],
    ['GET', '/v1/recon/provider-league', 'recon_provider_league', ({ query }) => [200, recon.league(query.get('from'), query.get('to'))]],
    ['GET', '/v1/collector-statements/:agency', 'collector_statement', ({ params, query }) => [200, recon.collector(params.agency, fees.agency, query.get('from'), query.get('to'))]],
    ['GET', '/v1/recon/closings/:closing', 'recon_closing', (call) => [200, sheet(call)]],
    ['POST', '/v1/recon/closings/:closing/signature', 'recon_closing', decide('signed')],
    ['POST', '/v1/recon/closings/:closing/rejection', 'recon_closing', decide('rejected')],
    ['GET', '/v1/fee-items', 'fee_item_list', ({ query }) => [200, page(fees.find(query.get('q')), query)]],
    ['POST', '/v1/fee-assessments', 'assessment', ({ body }) => [200, fees.assess(body) ?? (() => { throw new Refusal(422, 'fee_unknown', 'Không có loại phí này'); })()]],
    ['POST', '/v1/fee-notices', 'fee_notice', ({ body }) => {
      const made = fees.assess(body);
      if (!made) throw new Refusal(422, 'fee_unknown', 'Không có loại phí này');
      if (!made.payable) throw new Refusal(422, 'fee_amount_unknown', 'Chưa biết mức thu', { detail: 'Có dòng phí chưa có mức thu nên chưa lập được thông báo.' });
      return [201, fees.create(body)];
    }],
    ['GET', '/v1/fee-notices', 'fee_notice_list', ({ query }) => [200, page([...fees.notices.values()].reverse(), query)]],
    ['GET', '/v1/fee-notices/:notice', 'fee_notice', ({ params, session }) => [200, refunds.ofNotice(found(fees.notices.get(params.notice)), session.user.id)]],
    ['POST', '/v1/fee-notices/:notice/refunds', 'refund', askOfNotice],
    ['GET', '/v1/tax/households', 'tax_household_list', ({ query }) => { const rows = tax.list({ q: query.get('q'), period: query.get('period'), tier: query.get('tier') }); return [200, page(rows, query, rows.length ? {} : { why_empty: { code: 'filters_exclude_all', text: 'Không hộ nào hợp với bộ lọc này.' } })]; }],
    ['GET', '/v1/tax/households/:household', 'tax_household_detail', (call) => [200, tax.detail(household(call))]],
    ['GET', '/v1/tax/households/:household/turnover', 'turnover', (call) => [200, tax.turnover(household(call), call.query.get('period'))]],
    ['POST', '/v1/tax-returns', 'tax_return', ({ body }) => {
      const one = found(tax.households.find((some) => some.id === body.household));
      if (!tax.position(one, body.period).must_file) throw new Refusal(422, 'nothing_to_file', 'Hộ này không phải nộp tờ khai kỳ này', { detail: 'Doanh thu trong năm chưa vượt mức phải khai.' });
      return [201, tax.of(one, body.period) ?? tax.draft(one, null, body.period)];
    }],
    ['GET', '/v1/tax-returns', 'tax_return_list', ({ query }) => [200, page([...tax.returns.values()].filter((one) => (!query.get('household') || one.household.id === query.get('household')) && (!query.get('period') || one.period === query.get('period'))).reverse(), query)]],
    ['GET', '/v1/tax-returns/:ret', 'tax_return', ({ params }) => [200, found(tax.returns.get(params.ret))]],
    ['POST', '/v1/tax-returns/:ret/submission', 'tax_return', ({ params }) => { const one = found(tax.returns.get(params.ret)); if (one.state.name !== 'draft') throw new Refusal(409, 'invalid_state', 'Tờ khai này đã nộp'); tax.submit(one); return [202, one]; }],
    ['GET', '/v1/tax-returns/:ret/document', null, (call) => { found(tax.returns.get(call.params.ret)); call.type = 'application/xml'; return [200, '<?xml version="1.0" encoding="UTF-8"?>\n<HSoThueDTu/>\n']; }],
  ].map(([method, pattern, schema, act, open]) => ({ method, parts: pattern.split('/'), schema, act, open: open === 'open' }));

  const fit = (route, parts) => {
    if (route.parts.length !== parts.length) return null;
    const params = {};
    for (const [index, part] of route.parts.entries()) {
      if (part.startsWith(':')) params[part.slice(1)] = parts[index];
      else if (part !== parts[index]) return null;
    }
    return params;
  };

  const problem = (response, url, { status, code, title, extra }) => {
    const body = { type: `https://docs.cho40.example/problems/${code}`, title, status, instance: url.pathname, code, request_id: `req_${randomUUID().replaceAll('-', '').slice(0, 26)}`, retry: { advice: status >= 500 ? 'retry_after' : 'fix_and_retry' }, ...extra };
    check('problem', body);
    response.writeHead(status, { 'Content-Type': 'application/problem+json; charset=utf-8', 'Cache-Control': 'no-store' }).end(JSON.stringify(body));
  };

  function stream(request, response, stall) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.write('retry: 2000\n\n');
    const send = (number, event) => { check('event', event); response.write(`id: ${number}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`); };
    const after = Number(request.headers['last-event-id'] ?? NaN);
    if (Number.isFinite(after)) market.events.forEach((row, index) => { if (index + 1 > after && row.stall === stall) send(index + 1, row.event); });
    const listener = { stall, send, end: () => response.end() };
    market.listeners.add(listener);
    request.on('close', () => market.listeners.delete(listener));
  }

  function tellRefund({ id: refund, object, version, stall, payment: of, credit: money, amount, state: { name }, reference }, what = name) {
    market.tell(`refund.${what}`, { id: refund, object, version, stall, payment: of, credit: money, amount, state: name, reference });
  }

  // What the other side does, on demand: /mock/credit, /mock/expire, …
  function control(name, body) {
    if (name === 'credit') market.credit(body.payment, body.amount);
    else if (name === 'nameless') market.nameless(body.stall, body.amount);
    else if (name === 'suggest') market.suggest(body.payment);
    else if (name === 'refund-elsewhere') { const thing = market.payments.get(body.payment); refunds.make(thing, thing.received.amount, { amount: vnd(body.amount), reason: { code: 'other' } }, 'somebody else'); }
    else if (name === 'refund-paid') tellRefund(refunds.pay(refunds.all.get(body.refund), 'FT26327012345'));
    else if (name === 'refund-differs') tellRefund(refunds.differ(refunds.all.get(body.refund), body.amount), 'differs');
    else if (name === 'refund-returned') tellRefund(refunds.sendBack(refunds.all.get(body.refund)));
    else if (name === 'expire') market.expire(body.payment);
    else if (name === 'doubt') market.doubt(body.payment);
    else if (name === 'pay-notice') fees.pay(fees.notices.get(body.notice));
    else if (name === 'recon-file') recon.receive();
    else if (name === 'recon-run') recon.compare();
    else if (name === 'recon-late') recon.late();
    else if (name === 'recon-prepared') { recon.receive(); recon.compare(); recon.prepare(people.find((one) => one.login === 'vanhanh')); }
    else if (name === 'fault') world.faults.push(body);
    else if (name === 'heal') world.faults.length = 0;
    else if (name === 'drop-streams') for (const listener of market.listeners) listener.end();
    else return false;
    return true;
  }

  function asset(response, url) {
    const app = url.pathname.split('/')[1];
    let file = path.join(root, 'web/dist', path.normalize(url.pathname));
    const isFile = existsSync(file) && statSync(file).isFile();
    if (!isFile) {
      if (path.extname(url.pathname)) { response.writeHead(404).end(); return; }
      file = path.join(root, 'web/dist', app, 'index.html');
    }
    const ext = path.extname(file);
    response.writeHead(200, { 'Content-Type': types[ext] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': file.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache', ...(ext === '.html' ? { 'Content-Security-Policy': policy } : {}) });
    response.end(readFileSync(file));
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      if (url.pathname.startsWith('/mock/')) { response.writeHead(control(url.pathname.slice(6), text ? JSON.parse(text) : {}) ? 204 : 404).end(); return; }
      if (/^\/(vendor|console)\//.test(url.pathname)) { asset(response, url); return; }
      const fault = world.faults.find((one) => url.pathname.includes(one.path) && (!one.method || one.method === request.method));
      if (fault?.delay) await new Promise((resolve) => { setTimeout(resolve, fault.delay); });
      if (fault?.status) throw new Refusal(fault.status, fault.code ?? 'unavailable', fault.title ?? 'Máy chủ đang bận', { detail: fault.detail ?? 'Chưa có gì thay đổi. Thử lại sau ít giây.' });
      const parts = url.pathname.split('/');
      const token = /__Host-sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
      const session = world.sessions.get(token);
      const streamed = /^\/v1\/stalls\/([^/]+)\/stream$/.exec(url.pathname);
      if (streamed) { if (!session) throw new Refusal(401, 'unauthenticated', 'Chưa đăng nhập'); stream(request, response, streamed[1]); return; }
      for (const route of routes) {
        const params = fit(route, parts);
        if (!params || route.method !== request.method) continue;
        if (!route.open && !session) throw new Refusal(401, 'unauthenticated', 'Chưa đăng nhập');
        const body = text ? JSON.parse(text) : undefined;
        if (request.method !== 'GET' && !route.open && request.headers['x-csrf-token'] !== session.csrf) throw new Refusal(403, 'csrf_failed', 'Phiên không khớp');
        const key = request.headers['idempotency-key'];
        if (request.method === 'POST' && !route.open && !/(fee-assessments|sign-checks)$/.test(url.pathname) && !key) throw new Refusal(400, 'missing_idempotency_key', 'Thiếu Idempotency-Key');
        if (key && world.keys.has(key)) { const old = world.keys.get(key); response.writeHead(old.status, { 'Content-Type': 'application/json; charset=utf-8', 'Idempotent-Replayed': 'true' }).end(old.text); return; }
        const call = { params, query: url.searchParams, body, session, token };
        const [status, answer] = await route.act(call);
        const headers = { 'Cache-Control': 'no-store', 'Content-Type': call.type ?? 'application/json; charset=utf-8', ...(call.cookie ? { 'Set-Cookie': call.cookie } : {}) };
        if (route.schema) check(route.schema, answer);
        const sent = status === 204 ? '' : call.type ? answer : JSON.stringify(answer);
        if (key) world.keys.set(key, { status, text: sent });
        response.writeHead(status, headers).end(sent);
        return;
      }
      throw new Refusal(404, 'not_found', 'Không tìm thấy');
    } catch (error) {
      if (error instanceof Refusal) problem(response, url, error.answer);
      else { console.error(url.pathname, error); problem(response, url, { status: 500, code: 'internal_error', title: 'Lỗi máy chủ', extra: {} }); }
    }
  });
  await new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return { url: `http://localhost:${server.address().port}`, world, stop: () => { server.closeAllConnections(); server.close(); } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url, world } = await startMock({ port: Number(process.env.PORT ?? 8799) });
  console.log(`mock at ${url}/vendor/ and ${url}/console/ (${world.market.stalls.length} stalls); sign in as bathe, thue, thungan or banquanly with matkhau-cho40`);
}
