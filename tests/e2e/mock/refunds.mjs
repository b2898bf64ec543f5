// Refunds of payments and of nameless money, as far as a page can tell them from the service's.
import { id, now, orderCode, state, vnd } from './ids.mjs';

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

  of(subject) { return [...this.all.values()].filter((one) => one.payment === subject || one.credit === subject); }
  sum(subject, states) { return this.of(subject).filter((one) => states.includes(one.state.name)).reduce((sum, one) => sum + one.amount.amount, 0); }
  left(subject, received) { return received - this.sum(subject, held); }

  // What is read alone says what was given back of it.
  told(thing, received, reader) {
    const left = this.left(thing.id, received);
    return { ...thing, refunds: this.of(thing.id).map((one) => this.seen(one, reader)), refundable: vnd(left), refunded: vnd(this.sum(thing.id, ['done'])), acts: left > 0 ? [...thing.acts, 'refund'] : thing.acts };
  }

  make(thing, received, { amount, reason }, maker) {
    const above = amount.amount >= approvalFrom;
    const stamp = now();
    const refund = {
      id: id('rfd'), object: 'refund', mode: 'test', version: 1, payment: thing.object === 'payment' ? thing.id : null, credit: thing.object === 'credit' ? thing.id : null,
      notice: null, stall: thing.stall, agency: null, amount, from_owed: vnd(0), lines: [], method: 'bank_transfer', state: state(above ? 'awaiting_approval' : 'due', false),
      reference: orderCode(), reason: { code: reason.code, text: reason.text ?? null }, approval: { needed: above, from: vnd(approvalFrom), decided_at: null },
      next: '', transfer: null, returned_by: null, acts: [], maker, created_at: stamp, updated_at: stamp,
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

  seen({ maker, ...refund }, reader) {
    const name = refund.state.name;
    const acts = name === 'due' ? ['cancellation', 'completion'] : name === 'awaiting_approval' ? (maker === reader ? ['cancellation'] : ['approval', 'rejection', 'cancellation']) : [];
    const due = `Mở app ngân hàng, chuyển lại khách đúng ${new Intl.NumberFormat('vi-VN').format(refund.amount.amount)} đ với nội dung ${refund.reference}. Tiền ra là máy tự ghi đã hoàn.`;
    return { ...refund, acts, next: name === 'due' ? due : next[name] };
  }

  whole(refund, reader) {
    const due = refund.state.name === 'due';
    const destination = due ? { bank_name: 'MBBank', account_number_masked: '•••• 5678', account_name: 'TRAN VAN KHACH', qr: `/v1/refunds/${refund.id}/qr` } : null;
    return { ...this.seen(refund, reader), destination, tellings: [] };
  }
}
