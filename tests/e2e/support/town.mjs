// A small town of its own for each story, made through the operator's API: nothing depends on the pilot data, nothing is
// shared between stories, and a second run on the same service finds no trace of the first in its way.
import { randomBytes } from 'node:crypto';
import { Api } from './api.mjs';
import { PayOs, VietQr } from './rails.mjs';

const digits = (count) => [...randomBytes(count)].map((byte) => byte % 10).join('');

// Ten digits whose last is the check digit of a Vietnamese tax code.
export function taxCode() {
  const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
  for (;;) {
    const nine = `57${digits(7)}`;
    const rest = 10 - ([...nine].reduce((sum, digit, index) => sum + Number(digit) * weights[index], 0) % 11);
    if (rest >= 0 && rest <= 9) return nine + rest;
  }
}

// `rails` are those of the market: [["payos", "bank"], …]; the stall's money takes the way of the first.
export async function makeStall({ url, operator }, { activity = 'a', name = 'Bà Thế', number = '12', expectsAbove = false, rails = [['payos', 'bank'], ['vietqr', 'bank']] } = {}) {
  const admin = await Api.signedIn(url, operator);
  const mark = digits(6);
  const market = await admin.post('/v1/markets', { name: `Chợ Hạ Long I ${mark}`, ward: 'Phường Hồng Gai', ward_code: '06685' });
  const owner = 'Nguyễn Thị Thế';
  const household = await admin.post('/v1/households', { market: market.id, name: `Hộ kinh doanh ${owner} ${mark}`, owner_name: owner, tax_code: taxCode(), address: 'Phường Hồng Gai', expects_above: expectsAbove });
  const account = { bank_bin: '970436', account_number: `1017${digits(8)}`, account_name: 'NGUYEN THI THE', channel: rails[0][1] };
  const stall = await admin.post('/v1/stalls', { market: market.id, household: household.id, name, number, activity, receiving_account: account });
  const made = [];
  for (const [rail, channel] of rails) {
    const secret = `${rail === 'vietqr' ? `vq${mark}:` : ''}${randomBytes(24).toString('hex')}`;
    const { id, address } = await admin.post('/v1/rail-accounts', { place: market.id, rail, name: rail, channel, secret });
    made.push({ id, rail, address, secret, channel, name: rail });
  }
  const of = (rail) => made.find((one) => one.rail === rail);
  const [payos, vietqr] = [of('payos'), of('vietqr')];
  const vendor = { login: `ban${mark}`, password: `mat-khau-${mark}-ban` };
  await admin.post('/v1/users', { name: 'Bà Thế', ...vendor, roles: ['vendor'], stalls: [stall.id] });
  return {
    admin, market, household, stall, account, vendor, mark, rails: made,
    payos: payos && new PayOs(new URL(payos.address, url).href, payos.secret),
    vietqr: vietqr && new VietQr(new URL(vietqr.address, url).href, ...vietqr.secret.split(':')),
  };
}

export async function makeAgency({ url, operator }) {
  const admin = await Api.signedIn(url, operator);
  const mark = digits(6);
  const account = { bank_bin: '970415', account_number: `1120${digits(8)}`, account_name: 'TT PHUC VU HCC QUANG NINH' };
  const letters = 'ABCDEGHKLMNPQRSTUVXY';
  const series = `26T${letters[Number(mark[0])]}${letters[Number(mark[1])]}`;
  const agency = await admin.post('/v1/agencies', { name: `Trung tâm Phục vụ hành chính công ${mark}`, code: `H49.14.${mark}`, tax_code: taxCode(), receiving_account: account, receipt_series: series });
  const secret = randomBytes(24).toString('hex');
  const payos = await admin.post('/v1/rail-accounts', { place: agency.id, rail: 'payos', name: 'payOS', channel: 'bank', secret });
  const cashier = { login: `thu${mark}`, password: `mat-khau-${mark}-thu` };
  await admin.post('/v1/users', { name: 'Đỗ Văn Nam', ...cashier, roles: ['agency'], agencies: [agency.id] });
  return { admin, agency, account, cashier, mark, series, payos: new PayOs(new URL(payos.address, url).href, secret) };
}

export async function makeOfficer({ url, operator }) {
  const admin = await Api.signedIn(url, operator);
  const mark = digits(6);
  const officer = { login: `thue${mark}`, password: `mat-khau-${mark}-thue` };
  await admin.post('/v1/users', { name: 'Trần Thị Lan', ...officer, roles: ['tax_officer'] });
  return officer;
}
