import { equal, truth } from '../support/checks.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { makeStall } from '../support/town.mjs';
import { Api, Refused } from '../support/api.mjs';

export const tests = {};
const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10);
const vnd = (amount) => ({ amount, currency: 'VND' });
const amounts = [45000, 120000, 60000];

// Three sales, paid at the sandbox bank, told by its rail. `channel`: the money goes to the stall's bank account, or is
// collected by the provider and paid out later.
async function soldDay(service, rail = 'vietqr', channel = 'bank') {
  truth(service.sandbox, 'the sandbox runs beside the service');
  const town = await makeStall(service, { rails: [[rail, channel]] });
  const sandbox = new Sandbox(service.sandbox);
  await sandbox.connect(town);
  const seller = await Api.signedIn(service.url, town.vendor);
  const sales = [];
  for (const amount of amounts) {
    const payment = await seller.post('/v1/payments', { stall: town.stall.id, amount: vnd(amount) });
    const paid = await sandbox.pay({ payload: payment.qr.payload });
    truth(paid.notifications.length && paid.notifications.every((one) => one.status === 200), `notified: ${JSON.stringify(paid.notifications)}`);
    equal((await seller.get(`/v1/payments/${payment.id}`)).state.name, 'paid', 'state of the payment');
    sales.push({ reference: paid.bank_reference, amount });
  }
  return { town, sandbox, sales, partner: town.rails[0] };
}

const send = (town, { side, bytes, revision = 1, date = today() }) => town.admin.call('POST', `/v1/recon/files?side=${side}&source=${town.rails[0].id}&date=${date}&revision=${revision}`, bytes, { raw: true, type: side === 'bank' ? 'application/xml' : 'text/csv' });
const refusal = (promise) => promise.then(() => null, (error) => { if (error instanceof Refused) return error; throw error; });
const run = (town) => town.admin.post('/v1/recon/runs', { date: today(), partner: town.rails[0].id });
const breaksOf = async (town) => (await town.admin.get(`/v1/recon/breaks?date=${today()}&limit=200`)).data.filter((one) => one.partner === town.rails[0].id);
const holds = (result) => truth(result.equations.length > 0 && result.equations.every((one) => one.holds), `every equation holds: ${JSON.stringify(result.equations)}`);

tests['the statement comes in, the day is run, the equations hold, every sale is found'] = async (service) => {
  const { town, sandbox, partner } = await soldDay(service);
  const stored = await send(town, { side: 'bank', bytes: await sandbox.statement(partner, today()) });
  truth(['accepted', 'accepted_late'].includes(stored.result), `result ${stored.result}`);
  equal(stored.lines, amounts.length, 'entries read');
  equal(stored.sum.amount, 225000, 'sum of the statement');
  const result = await run(town);
  equal(result.state.name, 'succeeded', 'state of the run');
  holds(result);
  equal(result.matched.count, amounts.length, 'sales matched');
  equal(result.matched.sum.amount, 225000, 'sum matched');
  equal((await breaksOf(town)).length, 0, 'breaks');
  const day = await town.admin.get(`/v1/recon/days/${today()}`);
  equal(day.partners.find((one) => one.partner === partner.id)?.matched.count, amounts.length, 'on the day sheet');
};

tests['the provider’s file and the bank’s statement of collected money: nothing differs'] = async (service) => {
  const { town, sandbox, partner } = await soldDay(service, 'payos', 'provider');
  const file = await send(town, { side: 'provider', bytes: await sandbox.providerFile(partner, today()) });
  truth(['accepted', 'accepted_late'].includes(file.result), `result ${file.result}`);
  equal(file.lines, amounts.length, 'lines read');
  await send(town, { side: 'bank', bytes: await sandbox.statement(partner, today()) });
  const result = await run(town);
  holds(result);
  equal(result.matched.count, amounts.length, 'sales that the provider knows too');
  truth(result.waiting.count > 0, 'the pay-out of tomorrow is waited for');
  equal((await breaksOf(town)).length, 0, 'breaks');
};

tests['money in the statement that nobody knows is a break with an owner'] = async (service) => {
  const { town, sandbox, partner } = await soldDay(service);
  const { bank_bin, account_number } = town.account;
  await sandbox.pay({ bank_bin, account_number, amount: 77000, memo: 'NGUYEN VAN B CHUYEN NHAM', rails: [] });
  await send(town, { side: 'bank', bytes: await sandbox.statement(partner, today()) });
  holds(await run(town));
  const found = (await breaksOf(town)).find((one) => one.class === 'BANK_UNIDENTIFIED');
  equal(Math.abs(found?.delta.amount ?? 0), 77000, 'BANK_UNIDENTIFIED');
  truth(found.owner && found.summary, 'it has an owner and a sentence');
};

tests['the same file twice changes nothing; other bytes of the same day are held'] = async (service) => {
  const { town, sandbox, partner } = await soldDay(service);
  const bytes = await sandbox.statement(partner, today());
  const first = await send(town, { side: 'bank', bytes });
  const second = await send(town, { side: 'bank', bytes });
  equal(second.result, 'duplicate_file', 'second time');
  equal(second.sha256, first.sha256, 'the same bytes');
  const held = await send(town, { side: 'bank', bytes: `${bytes}\n` });
  equal(held.result, 'file_conflict', 'other bytes');
};

tests['bad files are refused with a code, and leave nothing behind'] = async (service) => {
  const { town, sandbox, partner } = await soldDay(service, 'payos', 'provider');
  const broken = await refusal(send(town, { side: 'bank', bytes: '<Document><unclosed>' }));
  equal(broken?.problem.code, 'xml_malformed', 'unclosed XML');
  const entity = await refusal(send(town, { side: 'bank', bytes: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Document>&e;</Document>' }));
  truth(['xml_forbidden', 'xml_malformed'].includes(entity?.problem.code), `entities: ${entity?.problem.code}`);
  const right = await sandbox.providerFile(partner, today());
  const tampered = right.replace(/\b45000\b/, '46000');
  truth(tampered !== right, 'the file holds the sale');
  const integrity = await send(town, { side: 'provider', bytes: tampered });
  equal(integrity.result, 'file_integrity', 'a trailer that does not agree');
  truth(integrity.errors.length > 0, 'it says where');
  const clean = await send(town, { side: 'provider', bytes: right, revision: 2 });
  truth(['accepted', 'accepted_late'].includes(clean.result), `the right file is still taken: ${clean.result}`);
};
