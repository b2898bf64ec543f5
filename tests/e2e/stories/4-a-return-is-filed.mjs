import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, sees, truth } from '../support/checks.mjs';
import { signIn } from '../support/people.mjs';
import { makeOfficer, makeStall } from '../support/town.mjs';
import { Api } from '../support/api.mjs';

export const tests = {};
const period = '2026-Q3';
const vnd = (amount) => ({ amount, currency: 'VND' });

// A household whose year passes the threshold in the third quarter: 1,2 billion of cash, written in the book day by day.
async function busyHousehold(service, sum) {
  const town = await makeStall(service, { activity: 'a' });
  const seller = await Api.signedIn(service.url, town.vendor);
  for (const [index, day] of ['2026-07-10', '2026-08-15', '2026-09-20'].entries()) await seller.post(`/v1/stalls/${town.stall.id}/cash-sales`, { amount: vnd(sum / 3), sold_on: day, client_ref: `e2e-${town.mark}-${index}` });
  return { town, seller };
}

for (const [name, size] of [['desk', desk], ['phone', phone]]) {
  tests[`turnover out of the ledger, a return signed and sent, 843 and 844 beside the figures (${name})`] = async (service) => {
    const { town } = await busyHousehold(service, 1_200_000_000);
    const officer = await makeOfficer(service);
    // The operator files for the household; the officer only reads, and sees the notices beside the figures.
    const page = await service.open(`${service.url}/console/tax?period=${period}`, { size });
    await signIn(page, service.operator);
    await page.getByLabel('Tìm hộ').fill(town.mark);
    await sees(page, '1–1 · hết danh sách', { within: 10_000 });
    await sees(page, '1.200.000.000 đ');
    await sees(page, 'Chưa nộp tờ khai');
    await accessible(page, 'list');
    await page.getByRole('row', { name: new RegExp(town.mark) }).click();
    await sees(page, 'Phải nộp tờ khai kỳ này');
    await accessible(page, 'before filing');
    await page.getByRole('button', { name: 'Lập tờ khai' }).click();
    // 1 % VAT on the whole revenue; 0,5 % income tax on what passes one billion.
    await sees(page, '12.000.000 đ');
    await sees(page, '1.000.000 đ');
    await sees(page, '13.000.000 đ');
    await sees(page, 'Bằng');
    await accessible(page, 'draft');
    await page.getByRole('button', { name: 'Ký và nộp', exact: true }).click();
    await accessible(page, 'question before submitting');
    await page.getByRole('button', { name: 'Ký và nộp, thuế phải nộp 13.000.000 đ' }).click();
    await sees(page, '843', { where: '.notices', within: 30_000 });
    await sees(page, '844', { where: '.notices', within: 30_000 });
    await sees(page, 'Cơ quan thuế đã chấp nhận', { within: 10_000 });
    await accessible(page, 'accepted');
    const beside = await service.open(`${service.url}/console/tax/households/${town.household.id}/${period}`, { size });
    await signIn(beside, officer);
    await sees(beside, '844', { where: '.notices' });
    await sees(beside, '13.000.000 đ');
    await accessible(beside, 'what the officer sees');
    await beside.getByRole('link', { name: 'Dòng thời gian của hộ' }).click();
    await sees(beside, 'Ai đã xem');
    await accessible(beside, 'time line');
    await beside.goto(`${service.url}/console/tax?period=${period}`);
    await beside.getByLabel('Tìm hộ').fill(town.mark);
    await sees(beside, 'Khớp đủ', { where: '.grid tbody', within: 10_000 });
  };
}

tests['the signed file: the right form, one signature, the figures of the page'] = async (service) => {
  const { town } = await busyHousehold(service, 1_200_000_000);
  const officer = await Api.signedIn(service.url, await makeOfficer(service));
  const denied = await officer.post('/v1/tax-returns', { household: town.household.id, period }).then(() => 200, (error) => error.status);
  equal(denied, 403, 'an officer files nothing');
  const drafted = await town.admin.post('/v1/tax-returns', { household: town.household.id, period });
  equal(drafted.form.number, '01/CNKD', 'form');
  equal(drafted.figures.total_due.amount, 13_000_000, 'due');
  await town.admin.post(`/v1/tax-returns/${drafted.id}/submission`);
  const file = await officer.get(`/v1/tax-returns/${drafted.id}/document`);
  truth(file.includes('<') && file.includes('SignatureValue'), 'an XML signature');
  truth(file.includes('1200000000'), 'the revenue stands in the file');
};

tests['below the threshold nothing is due, and asking is refused in words'] = async (service) => {
  const { town } = await busyHousehold(service, 300_000_000);
  const page = await service.open(`${service.url}/console/tax/households/${town.household.id}/${period}`, { size: desk });
  await signIn(page, service.operator);
  await sees(page, 'Chưa phải khai kỳ này');
  await page.getByRole('button', { name: 'Lập tờ khai' }).click();
  await page.waitForSelector('.notice.tone-bad');
  await accessible(page, 'refused');
};

tests['an officer is offered nothing to file; a vendor sees no household but the own'] = async (service) => {
  const { town, seller } = await busyHousehold(service, 300_000_000);
  const page = await service.open(`${service.url}/console/tax/households/${town.household.id}/${period}`, { size: desk });
  await signIn(page, await makeOfficer(service));
  await sees(page, 'Chưa phải khai kỳ này');
  equal(await page.getByRole('button', { name: 'Lập tờ khai' }).count(), 0, 'buttons to file with');
  const other = await makeStall(service, { rails: [['vietqr', 'bank']] });
  for (const path of ['/v1/tax/households', `/v1/tax/households/${other.household.id}`, `/v1/tax/households/${other.household.id}/turnover?period=${period}`]) {
    const status = await seller.get(path).then(() => 200, (error) => error.status);
    truth(status === 403 || status === 404, `${path} answers ${status}`);
  }
};
