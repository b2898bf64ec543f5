// The two aggregators, as the service hears them: payOS with its signed body, vietqr.vn with a token that it fetches first.
import { createHmac } from 'node:crypto';

const local = (date) => new Date(date.getTime() + 7 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');

export class PayOs {
  constructor(url, secret) { Object.assign(this, { url, secret }); }

  async notify({ account, amount, memo, reference, at = new Date(), secret = this.secret }) {
    const data = {
      orderCode: Number(reference.replace(/\D/g, '').slice(-9)), amount, description: memo, accountNumber: account, reference, transactionDateTime: local(at), currency: 'VND', paymentLinkId: `link${reference}`, code: '00', desc: 'Thành công',
      counterAccountBankId: '970422', counterAccountBankName: 'MB Bank', counterAccountName: 'NGUYEN VAN AN', counterAccountNumber: '0351000767999', virtualAccountName: '', virtualAccountNumber: '',
    };
    const signed = Object.keys(data).sort().map((key) => `${key}=${data[key] ?? ''}`).join('&');
    const signature = createHmac('sha256', secret).update(signed).digest('hex');
    const answer = await fetch(this.url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ code: '00', desc: 'success', success: true, data, signature }) });
    return { status: answer.status, body: await answer.text() };
  }
}

export class VietQr {
  constructor(url, username, password) { Object.assign(this, { url, username, password }); }

  async notify({ account, amount, memo, reference, at = new Date() }) {
    const basic = Buffer.from(`${this.username}:${this.password}`).toString('base64');
    const granted = await fetch(`${this.url}/api/token_generate`, { method: 'POST', headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/json' }, body: '{}' });
    if (!granted.ok) return { status: granted.status, body: await granted.text() };
    const { access_token: token } = await granted.json();
    const body = { bankaccount: account, amount, transType: 'C', content: memo, transactionid: `vq-${reference}`, transactiontime: at.getTime(), referencenumber: reference, orderId: '' };
    const answer = await fetch(`${this.url}/bank/api/transaction-sync`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.text() };
  }
}

let serial = 0;
// A bank's own reference, never twice in one run.
export const reference = () => `FT26327${String(Date.now() % 100000).padStart(5, '0')}${String((serial += 1)).padStart(3, '0')}`;
