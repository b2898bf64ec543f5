import { equal, truth } from '../support/checks.mjs';
import { camt053, providerFile } from '../support/files.mjs';
import { reference } from '../support/rails.mjs';
import { makeStall } from '../support/town.mjs';
import { Api, Refused } from '../support/api.mjs';

export const tests = {};
const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);
const vnd = (amount) => ({ amount, currency: 'VND' });

// Three sales that the bank reported at once, as a direct VietQR: the bank statement must say the same.
async function soldDay(service) {
  const town = await makeStall(service);
  const seller = await Api.signedIn(service.url, town.vendor);
  const sales = [];
  for (const amount of [45000, 120000, 60000]) {
    const payment = await seller.post('/v1/payments', { stall: town.stall.id, amount: vnd(amount) });
    const bank = reference();
    const memo = `${payment.reference} CT tu 0351000767999 NGUYEN VAN AN`;
    equal((await town.payos.notify({ account: town.account.account_number, amount, memo, reference: bank })).status, 200, 'payOS is answered');
    sales.push({ order: payment.reference, reference: bank, amount, narrative: memo, at: new Date() });
  }
  return { town, sales };
}

const send = (town, { side, source, bytes, type, revision = 1, date = today() }) => town.admin.call('POST', `/v1/recon/files?side=${side}&source=${source}&date=${date}&revision=${revision}`, bytes, { raw: true, type });
const refusal = (promise) => promise.then(() => null, (error) => { if (error instanceof Refused) return error; throw error; });

tests['the statement comes in, the day is run, the equations hold, every sale is found'] = async (service) => {
  const { town, sales } = await soldDay(service);
  const statement = camt053({ account: town.account.account_number, date: today(), entries: sales });
  const stored = await send(town, { side: 'bank', source: town.account.account_number, bytes: statement, type: 'application/xml' });
  truth(['accepted', 'accepted_late'].includes(stored.result), `result ${stored.result}`);
  equal(stored.lines, 3, 'entries read');
  const run = await town.admin.post('/v1/recon/runs', { date: today(), partner: town.account.account_number });
  equal(run.state.name, 'succeeded', 'state of the run');
  truth(run.equations.length > 0 && run.equations.every((one) => one.holds), 'every equation holds');
  truth(run.matched.count >= 3, 'the three sales are matched');
  const day = await town.admin.get(`/v1/recon/days/${today()}`);
  truth(day.partners.length > 0, 'the day sheet names the partner');
  const breaks = await town.admin.get(`/v1/recon/breaks?date=${today()}`);
  truth(!breaks.data.some((one) => one.records.some((record) => sales.some((sale) => record.reference === sale.reference || record.reference === sale.order))), 'no break for these sales');
};

tests['money in the statement that nobody knows is a break with an owner'] = async (service) => {
  const { town, sales } = await soldDay(service);
  const stranger = { amount: 77000, reference: reference(), narrative: 'NGUYEN VAN B CHUYEN NHAM' };
  await send(town, { side: 'bank', source: town.account.account_number, bytes: camt053({ account: town.account.account_number, date: today(), entries: [...sales, stranger] }), type: 'application/xml' });
  await town.admin.post('/v1/recon/runs', { date: today(), partner: town.account.account_number });
  const breaks = await town.admin.get(`/v1/recon/breaks?date=${today()}&class=BANK_UNIDENTIFIED&limit=200`);
  const found = breaks.data.find((one) => one.delta.amount === 77000);
  truth(found, 'BANK_UNIDENTIFIED of 77.000 đ');
  truth(found.owner && found.summary, 'it has an owner and a sentence');
};

tests['the same file twice changes nothing; other bytes of the same day are held'] = async (service) => {
  const { town, sales } = await soldDay(service);
  const bytes = camt053({ account: town.account.account_number, date: today(), entries: sales });
  const first = await send(town, { side: 'bank', source: town.account.account_number, bytes, type: 'application/xml' });
  const second = await send(town, { side: 'bank', source: town.account.account_number, bytes, type: 'application/xml' });
  equal(second.result, 'duplicate_file', 'second time');
  equal(second.sha256, first.sha256, 'the same bytes');
  const other = camt053({ account: town.account.account_number, date: today(), entries: sales.slice(1) });
  const held = await send(town, { side: 'bank', source: town.account.account_number, bytes: other, type: 'application/xml' }).catch((error) => error.problem);
  truth(held.result === 'file_conflict' || held.code === 'file_conflict', `other bytes: ${held.result ?? held.code}`);
};

tests['bad files are refused with a code, and leave nothing behind'] = async (service) => {
  const { town, sales } = await soldDay(service);
  const account = town.account.account_number;
  const broken = await refusal(send(town, { side: 'bank', source: account, bytes: '<Document><unclosed>', type: 'application/xml' }));
  equal(broken?.problem.code, 'xml_malformed', 'unclosed XML');
  const entity = await refusal(send(town, { side: 'bank', source: account, bytes: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document>&e;</Document>', type: 'application/xml' }));
  truth(['xml_forbidden', 'xml_malformed'].includes(entity?.problem.code), `entities: ${entity?.problem.code}`);
  const lines = sales.map((sale) => ({ ...sale }));
  const tampered = providerFile({ partner: 'payos', date: today(), batch: `B${town.mark}`, lines }).replace('|45000|', '|46000|');
  const integrity = await send(town, { side: 'provider', source: 'payos', bytes: tampered, type: 'text/plain', revision: 900 + Number(town.mark.slice(0, 2)) }).catch((error) => error.problem);
  truth(integrity.code === 'file_integrity' || integrity.result === 'file_integrity', `a trailer that does not agree: ${integrity.code ?? integrity.result}`);
  const clean = await send(town, { side: 'bank', source: account, bytes: camt053({ account, date: today(), entries: sales }), type: 'application/xml' });
  truth(['accepted', 'accepted_late'].includes(clean.result), 'the right file is still taken');
};
