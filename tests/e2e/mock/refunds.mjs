// Refunds of payments and of nameless money, as far as a page can tell them from the service's.
import { id, now, orderCode, state, vnd } from './ids.mjs';

const written = (amount) => `${new Intl.NumberFormat('vi-VN').format(amount)} đ`;
const approvalFrom = 5_000_000;
const held = ['awaiting_approval', 'due', 'in_doubt', 'sent', 'done'];
const next = {
  awaiting_approval: 'Chờ người khác duyệt. Chưa chuyển tiền.',
  done: 'Đã xong, không phải làm gì thêm.',
  cancelled: 'Không chuyển tiền. Có thể lập khoản hoàn khác.',
  rejected: 'Không chuyển tiền. Có thể lập khoản hoàn khác.',
  returned: 'Tiền đã về lại tài khoản, khách chưa nhận được. Hỏi khách số tài khoản đúng rồi lập khoản hoàn khác.',
};

export class Refunds {
  constructor() { this.all = new Map(); }

  of(subject) { return [...this.all.values()].filter((one) => [one.payment, one.credit, one.notice].includes(subject)); }
  sum(subject, states) { return this.of(subject).filter((one) => states.includes(one.state.name)).reduce((sum, one) => sum + one.amount.amount, 0); }
  left(subject, received) { return received - this.sum(subject, held); }

  // What is read alone says what was given back of it.
  told(thing, received, reader) {
    const left = this.left(thing.id, received);
    return { ...thing, refunds: this.of(thing.id).map((one) => this.seen(one, reader)), refundable: vnd(left), refunded: vnd(this.sum(thing.id, ['done'])), acts: left > 0 ? [...thing.acts, 'refund'] : thing.acts };
  }

  // Of a notice: so much of each line of its receipts; what the lines have left is counted in the answer.
  ofNotice(notice, reader) {
    const received = notice.received_at ? notice.total.amount + (notice.surplus?.amount ?? 0) : 0;
    const refunds = this.of(notice.id);
    const given = (receipt, line) => refunds.filter((one) => one.state.name === 'done').flatMap((one) => one.lines).filter((one) => one.receipt === receipt.id && one.line === line).reduce((sum, one) => sum + one.amount.amount, 0);
    const receipts = notice.receipts.map((receipt) => {
      const lines = receipt.lines.map((line) => ({ ...line, refunded: vnd(given(receipt, line.line)) }));
      return { ...receipt, lines, refunded: vnd(lines.reduce((sum, line) => sum + line.refunded.amount, 0)) };
    });
    return { ...this.told({ ...notice, receipts }, received, reader), surplus: vnd(0) };
  }

  makeOfNotice(notice, received, body, maker) {
    const lines = (body.lines ?? []).map((line) => ({ ...line, kind: notice.receipts.find((one) => one.id === line.receipt).kind }));
    const amount = vnd(lines.reduce((sum, line) => sum + line.amount.amount, body.surplus?.amount ?? 0));
    return Object.assign(this.make(notice, received, { ...body, amount }, maker), { lines });
  }

  make(thing, received, { amount, reason }, maker) {
    const above = amount.amount >= approvalFrom;
    const stamp = now();
    const refund = {
      id: id('rfd'), object: 'refund', mode: 'test', version: 1, payment: thing.object === 'payment' ? thing.id : null, credit: thing.object === 'credit' ? thing.id : null,
      notice: thing.object === 'fee_notice' ? thing.id : null, stall: thing.stall ?? null, agency: thing.agency?.id ?? null, amount, from_owed: vnd(0), lines: [], method: 'bank_transfer', state: state(above ? 'awaiting_approval' : 'due', false),
      reference: orderCode(), reason: { code: reason.code, text: reason.text ?? null }, approval: { needed: above, from: vnd(approvalFrom), decided_at: null },
      next: '', transfer: null, returned_by: null, acts: [], movements: [], maker, created_at: stamp, updated_at: stamp,
    };
    this.all.set(refund.id, refund);
    return refund;
  }

  move(refund, name, change = {}) {
    refund.version += 1;
    refund.updated_at = now();
    refund.state = state(name, !['awaiting_approval', 'due'].includes(name));
    Object.assign(refund, change);
    return refund;
  }

  pay(refund, reference) { return this.move(refund, 'done', { transfer: { bank_reference: reference, booked_at: now(), rail: null, evidence: 'Sao kê' } }); }
  sendBack(refund) { return this.move(refund, 'returned', { returned_by: { bank_reference: 'FT26327099999', booked_at: now(), rail: 'vietqr', evidence: null } }); }

  // Money left under its code that is not simply it.
  differ(refund, amount) {
    const narrative = `Hoàn tiền ${refund.reference} cho khách`;
    const match = { rule: 'code', rules_version: 3, characters: { from: 10, length: 9, text: refund.reference }, text: `Nội dung chuyển khoản có mã của khoản này: “${refund.reference}”.` };
    refund.movements.push({ rail: 'vietqr', amount: vnd(amount), bank_reference: `FT2632705${refund.movements.length}`, narrative, booked_at: now(), outcome: 'refund_differs', match });
    return refund;
  }

  outflow({ amount: { amount: asked }, state: { name }, reference, movements }) {
    if (movements.length === 0) return null;
    const isDone = name === 'done';
    const left = movements.reduce((sum, one) => sum + one.amount.amount, isDone ? asked : 0);
    const missing = Math.max(0, asked - left);
    const excess = Math.max(0, left - asked);
    const rows = { left: vnd(left), missing: vnd(missing), excess: vnd(excess), movements };
    if (missing) return { what: 'too_little', ...rows, text: `Mới chuyển ${written(left)}, còn thiếu ${written(missing)}.`, next: `Chuyển nốt ${written(missing)} với nội dung ${reference}. Xong thì bấm “Tôi đã chuyển rồi”.` };
    const text = `${isDone ? 'Hoàn hai lần. ' : ''}Đã chuyển ${written(left)}, dư ${written(excess)}.`;
    return { what: isDone ? 'paid_twice' : 'too_much', ...rows, text, next: `Đừng chuyển thêm. Xem sao kê rồi nhờ khách trả lại ${written(excess)}.` };
  }

  // Of everything that waits for a second person; an agency's people see none of a stall's.
  waiting(reader, market, people) {
    if (!reader.roles.includes('market_board')) return [];
    return [...this.all.values()].filter((one) => one.stall && one.state.name === 'awaiting_approval').map((one) => {
      const payment = market.payments.get(one.payment);
      return {
        refund: this.seen(one, reader.id), stall: market.brief(market.stalls.find((stall) => stall.id === one.stall)), agency_name: null,
        asked_by: people.find((person) => person.id === one.maker)?.name ?? null, reference: payment?.reference ?? null, received: payment?.received ?? null,
      };
    });
  }

  // What the day book says of a stall's refunds.
  owed(stall) {
    const open = [...this.all.values()].filter((one) => one.stall === stall && ['awaiting_approval', 'due'].includes(one.state.name));
    return open.map((one) => {
      const { outflow, next: text } = this.seen(one, null);
      return { kind: 'refund', amount: one.amount, since: one.created_at, payment: one.payment, credit: one.credit, refund: one.id, reference: one.reference, state: one.state.name, text: outflow ? `${outflow.text} ${outflow.next}` : text };
    });
  }

  differing(stall) {
    return [...this.all.values()].filter((one) => one.stall === stall).flatMap((one) => {
      const outflow = this.outflow(one);
      return one.movements.map((movement) => ({
        at: movement.booked_at, kind: 'refund_differs', amount: movement.amount, asked: one.amount, payment: one.payment, credit: one.credit, cash_sale: null, payer: null,
        reference: one.reference, trace_tail: movement.bank_reference.slice(-4), note: null, problem: { text: outflow.text, next: outflow.next }, needs_attention: true,
      }));
    });
  }

  seen({ maker, movements, ...refund }, reader) {
    const name = refund.state.name;
    const acts = name === 'due' ? ['cancellation', 'completion'] : name === 'awaiting_approval' ? (maker === reader ? ['cancellation'] : ['approval', 'rejection', 'cancellation']) : [];
    const due = `Mở app ngân hàng, chuyển lại khách đúng ${written(refund.amount.amount)} với nội dung ${refund.reference}. Tiền ra là máy tự ghi đã hoàn.`;
    return { ...refund, outflow: this.outflow({ ...refund, movements }), acts, next: name === 'due' ? due : next[name] };
  }

  whole(refund, reader) {
    const missing = this.outflow(refund)?.missing.amount ?? refund.amount.amount;
    const due = refund.state.name === 'due' && missing > 0;
    const destination = due ? { amount: vnd(missing), bank_name: 'MBBank', account_number_masked: '•••• 5678', account_name: 'TRAN VAN KHACH', qr: `/v1/refunds/${refund.id}/qr?amount=${missing}` } : null;
    return { ...this.seen(refund, reader), destination, destination_unknown: null, tellings: refund.movements };
  }
}
