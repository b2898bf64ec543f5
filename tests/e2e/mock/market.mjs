// Stalls, payments and day books, kept in memory. Follows the same description as the service, far more simply.
import { id, marketDay, marketHour, now, orderCode, state, vnd } from './ids.mjs';

const kinds = ['matched', 'short', 'over', 'late', 'duplicate', 'nameless', 'cash', 'refund', 'refund_differs'];
const units = ['', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

// Good enough for a stand-in: the service speaks by the full rules.
function words(amount) {
  if (amount < 1000) return `${units[Math.floor(amount / 100)]} trăm đồng`;
  const thousands = Math.floor(amount / 1000);
  const tens = Math.floor(thousands / 10);
  const ones = thousands % 10;
  const text = tens ? `${tens === 1 ? 'mười' : `${units[tens] ?? tens} mươi`}${ones === 5 ? ' lăm' : ones ? ` ${units[ones]}` : ''}` : units[ones];
  return `${text} nghìn đồng`;
}

export class Market {
  constructor() {
    this.market = { id: id('mkt'), name: 'Chợ Hạ Long I' };
    this.account = { bank_bin: '970436', bank_name: 'Vietcombank', account_number_masked: '•••• 5600', account_name: 'NGUYEN THI THE' };
    this.stalls = [this.makeStall('12', 'Bà Thế'), this.makeStall('14', 'Cá tươi Cô Lan')];
    this.payments = new Map();
    this.credits = [];
    this.cash = [];
    this.knownAsOf = now();
    this.moneyGaps = [];
    this.listeners = new Set();
    this.events = [];
  }

  makeStall(number, name) {
    const stamp = now();
    const stall = id('stl');
    return { id: stall, object: 'stall', mode: 'test', version: 1, name, number, market: this.market, household: { id: id('hh'), name }, receiving_account: this.account, merchant_contracts: [], sign: `/v1/stalls/${stall}/sign.pdf`, open: true, created_at: stamp, updated_at: stamp };
  }

  brief(stall) { return { id: stall.id, name: stall.name, number: stall.number, market_name: stall.market.name }; }

  createPayment({ stall, amount, note, client_ref, lasts = 300 }) {
    const stamp = now();
    const payment = {
      id: id('pay'), object: 'payment', mode: 'test', version: 1, stall, amount, received: vnd(0), remaining: amount, excess: vnd(0),
      state: state('waiting', false), reference: orderCode(), note: note ?? null, client_ref: client_ref ?? null,
      expires_at: new Date(Date.now() + lasts * 1000).toISOString(),
      qr: { payload: '', image: '' }, payee: this.account, acts: ['cancellation'], spoken: null, created_at: stamp, updated_at: stamp,
      timeline: [{ at: stamp, what: 'created', amount, text: 'Tạo mã', by: 'Bà Thế' }],
    };
    payment.qr = { payload: `00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA5303704540${String(amount.amount).length}${amount.amount}5802VN62130809${payment.reference}6304ABCD`, image: `/v1/payments/${payment.id}/qr` };
    this.payments.set(payment.id, payment);
    this.tell('payment.created', payment);
    this.magic(payment);
    return payment;
  }

  // api-conventions §17: amounts that play a scene by themselves.
  magic(payment) {
    const later = (ms, act) => setTimeout(act, ms).unref();
    const asked = payment.amount.amount;
    if (asked === 20001) later(2000, () => this.credit(payment.id, asked));
    if (asked === 20003) later(1500, () => this.credit(payment.id, Math.floor(asked / 2)));
    if (asked === 20004) later(1500, () => this.credit(payment.id, asked + 1000));
    if (asked === 20005) later(800, () => { this.expire(payment.id); later(1200, () => this.credit(payment.id, asked)); });
    if (asked === 20006) later(1500, () => { this.credit(payment.id, asked); later(600, () => this.credit(payment.id, asked)); });
    if (asked === 20007) later(1500, () => this.nameless(payment.stall, asked));
    if (asked === 20008) later(500, () => this.doubt(payment.id));
  }

  touch(payment, name, finished, text, extra = {}) {
    payment.version += 1;
    payment.updated_at = now();
    if (name) payment.state = state(name, finished, extra);
    payment.acts = ['waiting', 'created'].includes(payment.state.name) ? ['cancellation'] : payment.state.name === 'underpaid' ? ['shortage_waiver', 'cancellation'] : [];
    payment.timeline.push({ at: payment.updated_at, what: extra.what ?? payment.state.name, amount: extra.amount ?? null, text, by: null });
    delete payment.state.what;
    delete payment.state.amount;
  }

  credit(paymentId, amount) {
    const payment = this.payments.get(paymentId);
    const before = payment.state.name;
    const closed = ['expired', 'cancelled'].includes(before);
    const sum = payment.received.amount + amount;
    let kind = 'matched';
    let event = 'payment.paid';
    payment.received = vnd(sum);
    if (['paid', 'overpaid', 'paid_late'].includes(before)) {
      kind = 'duplicate';
      event = 'payment.duplicate';
      payment.excess = vnd(payment.excess.amount + amount);
      payment.spoken = `Trả hai lần, phải trả lại khách ${words(amount)}`;
      this.touch(payment, null, null, 'Khách trả lần hai, phải trả lại', { what: 'duplicate_received', amount: vnd(amount) });
    } else {
      payment.remaining = vnd(Math.max(0, payment.amount.amount - sum));
      payment.excess = vnd(Math.max(0, sum - payment.amount.amount));
      payment.timeline.push({ at: now(), what: 'credit_received', amount: vnd(amount), text: 'Ngân hàng báo có', by: null });
      if (closed) {
        kind = 'late'; event = 'payment.paid_late';
        payment.spoken = `Tiền vào trễ ${words(amount)}`;
        this.touch(payment, 'paid_late', true, 'Tiền vào sau khi mã đã đóng');
      } else if (payment.remaining.amount > 0) {
        kind = 'short'; event = 'payment.underpaid';
        payment.spoken = `Thiếu. Mới nhận ${words(sum)}`;
        this.touch(payment, 'underpaid', false, 'Còn thiếu');
      } else if (payment.excess.amount > 0) {
        kind = 'over'; event = 'payment.overpaid';
        payment.spoken = `Dư ${words(payment.excess.amount)}`;
        this.touch(payment, 'overpaid', true, 'Khách trả dư');
      } else {
        payment.spoken = `Đủ ${words(sum)}`;
        this.touch(payment, 'paid', true, 'Đủ tiền');
      }
    }
    this.addCredit(payment.stall, payment, amount, kind);
    this.tell(event, payment);
  }

  addCredit(stall, payment, amount, kind) {
    const stamp = now();
    const credit = {
      id: id('crd'), object: 'credit', mode: 'test', version: 1, stall, payment: payment?.id ?? null, amount: vnd(amount), kind, rails: ['payos', 'vietqr'],
      bank_reference: `FT26327${Math.floor(10000 + Math.random() * 89999)}`, narrative: payment ? `${payment.reference} CT tu 0351000767999 NGUYEN VAN AN toi 1017595600` : 'NGUYEN VAN AN chuyen tien',
      payer: { name: 'NGUYEN VAN AN', bank_name: 'MBBank', account_number_masked: '•••• 7999', contradictions: [] }, booked_at: stamp, received_at: stamp,
      refund_due: kind === 'over' ? payment.excess : kind === 'duplicate' ? vnd(amount) : null,
      match: payment ? { rule: 'code', rules_version: 2, characters: { from: 0, length: 9, text: payment.reference }, text: `Nội dung chuyển khoản có mã của khoản này: “${payment.reference}”.` } : { rule: 'nothing', rules_version: 2, characters: null, text: 'Không có mã và không có khoản nào đang chờ đúng số tiền này.' },
      suggestion: null, acts: [], created_at: stamp, updated_at: stamp,
    };
    this.credits.push(credit);
    return credit;
  }

  nameless(stall, amount) {
    const credit = this.addCredit(stall, null, amount, 'nameless');
    this.tell('credit.nameless', credit, `Nhận ${words(amount)}`);
  }

  // Money without a code of exactly the amount that a waiting payment lacks.
  suggest(paymentId) {
    const payment = this.payments.get(paymentId);
    const credit = this.addCredit(payment.stall, null, payment.remaining.amount, 'nameless');
    credit.suggestion = { payment: payment.id, reference: payment.reference };
    credit.match = { rule: 'amount_and_time', rules_version: 3, characters: null, text: 'Không có mã; chỉ một khoản đang chờ có đúng số tiền này, cần người bán xác nhận.' };
  }

  assign(credit, payment) {
    this.credits.splice(this.credits.indexOf(credit), 1);
    this.credit(payment.id, credit.amount.amount);
    return payment;
  }

  expire(paymentId) { const payment = this.payments.get(paymentId); this.touch(payment, 'expired', true, 'Hết giờ'); this.tell('payment.expired', payment); }
  doubt(paymentId) {
    const payment = this.payments.get(paymentId);
    this.touch(payment, 'in_doubt', false, 'Đang hỏi ngân hàng', { next_check_at: new Date(Date.now() + 8000).toISOString(), what: 'in_doubt' });
    this.tell('payment.in_doubt', payment);
  }
  cancel(payment) { this.touch(payment, 'cancelled', true, 'Người bán hủy'); this.tell('payment.cancelled', payment); }
  waive(payment) {
    payment.remaining = vnd(0);
    this.touch(payment, 'paid', true, 'Người bán bớt phần thiếu', { reason: { code: 'shortage_waived', text: 'Người bán bớt phần thiếu' }, what: 'shortage_waived' });
    this.tell('payment.paid', payment);
  }

  tell(type, thing, spoken = thing.spoken ?? null) {
    const event = { id: id('evt'), type, timestamp: now(), api_version: 'v1', mode: 'test', account: this.stalls[0].household.id, resource: thing.id, sequence: thing.version, spoken: type === 'payment.created' ? null : spoken, data: { object: { ...thing }, previous: null } };
    delete event.data.object.timeline;
    this.events.push({ stall: thing.stall, event });
    const number = this.events.length;
    for (const listener of this.listeners) if (listener.stall === thing.stall) listener.send(number, event);
  }

  // Good enough for a stand-in: the service reads the code.
  checkSign(stall, payload) {
    const account = /0006(\d{6})01\d\d(\w+)0208QRIBFTTA/.exec(payload);
    const amount = /5303704540\d(\d+)5802VN/.exec(payload)?.[1];
    const answer = { object: 'sign_check', stall, verdict: 'not_a_payment_code', account: null, other_stall: null, unreadable: null, differences: [] };
    if (!account) return { ...answer, unreadable: { error: 'tlv_malformed', crc_ok: false, begins_as_payment_code: payload.startsWith('0002') } };
    const [, bin, number] = account;
    answer.account = { scheme: 'VIETQR', service: 'QRIBFTTA', bank_bin: bin, bank_name: bin === '970436' ? 'Vietcombank' : 'MBBank', account_number_masked: `•••• ${number.slice(-4)}` };
    if (number === '0123456789') return { ...answer, verdict: 'another_stall', other_stall: { number: '14', name: 'Cá tươi Cô Lan', market_name: this.market.name } };
    if (number !== '1017595600') return { ...answer, verdict: 'unknown_account' };
    return { ...answer, verdict: 'right_stall', differences: amount ? [{ what: 'amount_fixed', value: amount }, { what: 'other_memo', value: 'CQ7K2M4XJ' }] : [] };
  }

  recordCash(stall, { amount, sold_on, note }) {
    const stamp = now();
    const sale = { id: id('csh'), object: 'cash_sale', mode: 'test', version: 1, stall, amount, sold_on, note: note ?? null, client_ref: null, created_at: stamp, updated_at: stamp };
    this.cash.push(sale);
    return sale;
  }

  // Too much or a second payment that nobody has asked to give back.
  surpluses(stall, isRefunded) {
    const rows = this.credits.filter((credit) => credit.stall === stall && credit.refund_due && !isRefunded(credit.payment));
    return rows.map((credit) => ({
      kind: 'surplus', amount: credit.refund_due, since: credit.booked_at, payment: credit.payment, credit: null, refund: null, reference: this.payments.get(credit.payment).reference, state: null,
      text: 'Khách trả dư hoặc trả hai lần. Mở khoản này và bấm “Hoàn tiền”.',
    }));
  }

  // `owed` and `differing`: what refunds add to the day.
  dayBook(stall, date, owed = [], differing = []) {
    const came = [
      ...this.credits.filter((credit) => credit.stall === stall && marketDay(credit.received_at) === date).map((credit) => {
        const payment = credit.payment ? this.payments.get(credit.payment) : null;
        return {
          at: credit.received_at, kind: credit.kind, amount: credit.amount, asked: payment?.amount ?? null, payment: credit.payment, credit: credit.id, cash_sale: null,
          payer: credit.payer.name, reference: payment?.reference ?? null, trace_tail: credit.bank_reference.slice(-4), note: payment?.note ?? null, problem: null,
          needs_attention: credit.kind === 'short' ? payment.state.name === 'underpaid' : credit.kind === 'duplicate',
        };
      }),
      ...this.cash.filter((sale) => sale.stall === stall && sale.sold_on === date).map((sale) => ({ at: sale.created_at, kind: 'cash', amount: sale.amount, asked: null, payment: null, credit: null, cash_sale: sale.id, payer: null, reference: null, trace_tail: null, note: sale.note, problem: null, needs_attention: false })),
    ];
    const lines = [...came, ...differing.filter((line) => marketDay(line.at) === date)].sort((a, b) => (a.at < b.at ? 1 : -1));
    const fold = (some) => ({ count: some.length, sum: vnd(some.reduce((sum, line) => sum + line.amount.amount, 0)) });
    return {
      object: 'day_book', stall, date, as_of: now(), money_known_as_of: this.knownAsOf, money_gaps: this.moneyGaps,
      totals: { all: fold(came), bank: fold(came.filter((line) => line.kind !== 'cash')), cash: fold(came.filter((line) => line.kind === 'cash')), refund_due: fold(owed), refunded: { count: 0, sum: vnd(0) }, by_kind: kinds.map((kind) => ({ kind, ...fold(lines.filter((line) => line.kind === kind)) })) },
      hours: Array.from({ length: 24 }, (_, hour) => ({ hour, ...fold(came.filter((line) => marketHour(line.at) === hour)) })),
      compared: lines.length ? { date: marketDay(Date.now() - 7 * 86400_000), count: 31, sum: vnd(3_080_000), until: now(), difference_bp: 1201 } : null,
      to_give_back: owed, lines, page: { has_more: false, next: null, prev: null },
    };
  }

  // A morning that has already been lived, so that pages have something to show.
  seed() {
    const stall = this.stalls[0].id;
    const start = Date.parse(`${marketDay()}T00:00:00+07:00`) + 5 * 3600_000;
    const until = Math.max(Date.now() - 60_000, start + 60_000);
    const sales = [25000, 45000, 18000, 60000, 120000, 35000, 22000, 95000, 40000, 15000, 250000, 32000, 48000, 20000, 75000, 54000, 28000, 110000, 36000, 62000, 44000, 19000, 130000, 27000];
    sales.forEach((amount, index) => {
      const at = new Date(start + ((until - start) * (index + 1)) / (sales.length + 1)).toISOString();
      if (index % 6 === 5) { const sale = this.recordCash(stall, { amount: vnd(amount), sold_on: marketDay() }); sale.created_at = at; return; }
      const payment = this.createPayment({ stall, amount: vnd(amount) });
      if (index === 21) this.credit(payment.id, 190); else if (index === 17) this.credit(payment.id, amount + 10000); else this.credit(payment.id, amount);
      payment.created_at = at;
      payment.state.since = at;
      payment.timeline.forEach((step) => { step.at = at; });
      const credit = this.credits.at(-1);
      credit.received_at = at;
      credit.booked_at = at;
      if (index === 8) { this.credits.push({ ...credit, id: id('crd'), payment: null, kind: 'nameless', amount: vnd(20000), narrative: 'TRAN THI BINH chuyen tien ca' }); }
    });
    this.events = [];
  }
}
