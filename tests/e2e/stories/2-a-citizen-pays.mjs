import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, sees, spaced, truth } from '../support/checks.mjs';
import { signIn } from '../support/people.mjs';
import { reference } from '../support/rails.mjs';
import { Sandbox } from '../support/sandbox.mjs';
import { makeAgency } from '../support/town.mjs';
import { Api } from '../support/api.mjs';

export const tests = {};
const orderCode = /CQ[2-9A-HJKMNP-Z]{7}/;
const inDays = (days) => new Date(Date.now() + days * 86400_000).toISOString().slice(0, 10);

async function notice(service, town, lines = [{ fee_code: 'PP_NEW' }]) {
  const cashier = await Api.signedIn(service.url, town.cashier);
  const made = await cashier.post('/v1/fee-notices', {
    agency: town.agency.id, dossier: { code: `H49.14-261123-${town.mark.slice(0, 4)}`, procedure_code: '1.001456', applicant_name: 'Nguyễn Văn An' }, channel: 'counter', persona: [], lines, due_date: inDays(7),
  });
  return { cashier, made };
}

// What a bank app would take from the page: the memo with the order code, and the amount.
async function bankApp(page, town) {
  const code = orderCode.exec(await page.content());
  truth(code, 'the order code stands on the page');
  return { account: town.account.account_number, memo: `${code[0]} NOP PHI NGUYEN VAN AN`, reference: reference() };
}

async function receiptIsGenuine(page, service, url) {
  await page.goto(new URL(url, service.url).href);
  await sees(page, 'Nguyễn Văn An');
  await accessible(page, 'receipt');
  const number = /\b(\d{8})\b/.exec(await page.locator('body').innerText())?.[1];
  truth(number, 'the receipt has a number of eight digits');
  equal(await page.getByRole('link', { name: 'Tải bằng chứng sổ cái' }).getAttribute('href'), `${new URL(page.url()).pathname}/proof`, 'the receipt offers its proof');
  await page.goto(`${service.url}/verify`);
  await accessible(page, 'verify');
  await page.locator('input[name=code]').fill(url.split('/').pop());
  await page.getByRole('button', { name: 'Kiểm tra' }).click();
  await sees(page, 'Biên lai thật');
  await accessible(page, 'genuine receipt');
  return number;
}

for (const [name, size, javaScript] of [['phone', phone, true], ['desk', desk, true], ['phone, scripts switched off', phone, false], ['desk, scripts switched off', desk, false]]) {
  tests[`a notice is paid by QR: two ticks, a receipt that verifies (${name})`] = async (service) => {
    const town = await makeAgency(service);
    const { cashier, made } = await notice(service, town);
    equal(made.total.amount, 100000, 'due for a new passport on this day');
    const page = await service.open(new URL(made.pay_url, service.url).href, { size, javaScript });
    await sees(page, '100.000 đ');
    await checked(page, 'what is due', javaScript);
    await page.getByRole('button', { name: /^Trả 100\.000/ }).click();
    await sees(page, 'Đang chờ tiền');
    await checked(page, 'waiting code', javaScript);
    const sent = { ...(await bankApp(page, town)), amount: 100000 };
    equal((await town.payos.notify(sent)).status, 200, 'payOS is answered');
    if (!javaScript) await page.reload();
    await sees(page, 'Đã nhận tiền', { within: 12_000 });
    await checked(page, 'received', javaScript);
    if (service.sandbox) {
      for (let again = 0; again < 10 && !spaced(await page.locator('body').innerText()).includes('Đã ghi vào hồ sơ'); again += 1) {
        await page.waitForTimeout(1000);
        if (!javaScript) await page.reload();
      }
      await sees(page, 'Đã ghi vào hồ sơ');
    }
    const link = page.locator('a[href^="/receipt/"]').first();
    const href = await link.getAttribute('href');
    const reader = javaScript ? page : await service.open(undefined, { size });
    await receiptIsGenuine(reader, service, href.split('?')[0]);
    const told = await cashier.get(`/v1/fee-notices/${made.id}`);
    equal(told.state.name, 'paid', 'state of the notice');
    equal(told.receipts.length, 1, 'receipts');
    // The same notification again and again: no second receipt.
    for (let again = 0; again < 3; again += 1) equal((await town.payos.notify(sent)).status, 200, 'a repeat is answered');
    equal((await cashier.get(`/v1/fee-notices/${made.id}`)).receipts.length, 1, 'receipts after repeats');
  };
}

// axe itself is a script; without scripts the page is looked at for what a reader needs.
async function checked(page, where, javaScript) {
  if (javaScript) await accessible(page, where);
  else truth(await page.locator('h1').count() === 1, `${where}: one heading`);
}

// The platform's own page is the sandbox's; ours say what the platform said, not what the browser comes back with.
async function takesMoneyNationally(service, town) {
  const account = { partner: `QN${town.mark}`, secret: 'bi-mat-cua-cong', access_token: 'the-truy-cap' };
  const platform = await town.admin.post(`/v1/agencies/${town.agency.id}/national-platform`, { ...account, url: `${service.sandbox}/dvcqg/api`, ip: '203.0.113.10' });
  await new Sandbox(service.sandbox).call('POST', '/setup/national', { ...account, address: platform.address });
}

for (const [name, javaScript] of [['phone', true], ['phone, scripts switched off', false]]) {
  tests[`a notice is paid over the national platform (${name})`] = async (service) => {
    if (!service.sandbox) return;
    const town = await makeAgency(service);
    await takesMoneyNationally(service, town);
    const { made } = await notice(service, town);
    const page = await service.open(new URL(made.pay_url, service.url).href, { size: phone, javaScript });
    await checked(page, 'what is due, and two ways to pay', javaScript);
    await page.getByRole('button', { name: 'Trả qua Cổng thanh toán quốc gia' }).click();
    await page.waitForURL(/\/dvcqg\/pay\//);
    const platform = page.url();
    const ours = new URL(`${new URL(made.pay_url, service.url).pathname}/national`, service.url).href;
    await page.goto(ours);
    await sees(page, 'Đang chờ Cổng xác nhận');
    await checked(page, 'waiting for the platform', javaScript);
    const paid = await page.context().request.post(platform, { form: { act: 'pay' } });
    equal(paid.status(), 200, 'the payer pays there');
    if (!javaScript) await page.reload();
    await sees(page, 'Đã nhận tiền', { within: 12_000 });
    await checked(page, 'received', javaScript);
  };
}

tests['the national platform fails: the page says so, and the code still works'] = async (service) => {
  if (!service.sandbox) return;
  const town = await makeAgency(service);
  await takesMoneyNationally(service, town);
  const { made } = await notice(service, town);
  const page = await service.open(new URL(made.pay_url, service.url).href, { size: phone });
  await page.getByRole('button', { name: 'Trả qua Cổng thanh toán quốc gia' }).click();
  await page.waitForURL(/\/dvcqg\/pay\//);
  await page.getByRole('button', { name: 'Không trả được' }).click();
  await page.goto(`${new URL(made.pay_url, service.url).href}/national`);
  await sees(page, 'Cổng báo không thành công');
  await accessible(page, 'the platform failed');
  await page.getByRole('link', { name: 'Về trang khoản phải nộp' }).click();
  await page.getByRole('button', { name: /^Trả 100\.000/ }).click();
  await sees(page, 'Đang chờ tiền');
  const sent = { ...(await bankApp(page, town)), amount: 100000 };
  equal((await town.payos.notify(sent)).status, 200, 'payOS is answered');
  await sees(page, 'Đã nhận tiền', { within: 12_000 });
};

tests['the cashier makes the notice on the page and sees both ticks come'] = async (service) => {
  const town = await makeAgency(service);
  const page = await service.open(`${service.url}/console/fees/new`, { size: desk });
  await signIn(page, town.cashier);
  await page.getByLabel('Mã hồ sơ').fill('H49.14-261123-0007');
  await page.getByLabel('Người nộp').fill('Nguyễn Văn An');
  await page.getByLabel('Chọn loại phí').fill('PP_NEW');
  await page.locator('.fee-option').first().click();
  await sees(page, '100.000 đ', { where: '.preview' });
  await accessible(page, 'form');
  await page.getByRole('button', { name: 'Lập thông báo 100.000 đ' }).click();
  await sees(page, 'Chưa nhận tiền');
  await accessible(page, 'notice');
  const code = (await page.locator('[data-testid=pay-code]').innerText()).replace(/\s/g, '');
  const citizen = await service.open(`${service.url}/pay/${code}`, { size: phone });
  await citizen.getByRole('button', { name: /^Trả 100\.000/ }).click();
  await sees(citizen, 'Đang chờ tiền');
  await town.payos.notify({ ...(await bankApp(citizen, town)), amount: 100000 });
  await sees(page, 'Đã nhận tiền', { within: 10_000 });
  await sees(page, 'Biên lai', { within: 10_000 });
  if (service.sandbox) await sees(page, 'Đã ghi vào hồ sơ', { within: 20_000 });
};

tests['by the keyboard alone, from the code on the paper to the QR'] = async (service) => {
  const town = await makeAgency(service);
  const { made } = await notice(service, town);
  const page = await service.open(`${service.url}/pay`, { size: desk });
  await accessible(page, 'find');
  for (let step = 0; step < 15 && (await page.evaluate(() => document.activeElement?.tagName)) !== 'INPUT'; step += 1) await page.keyboard.press('Tab');
  await page.keyboard.type(made.code);
  await page.keyboard.press('Enter');
  await sees(page, '100.000 đ');
  for (let step = 0; step < 20 && !/^Trả/.test(await page.evaluate(() => document.activeElement?.textContent ?? '')); step += 1) await page.keyboard.press('Tab');
  equal(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), true, 'focus ring');
  await page.keyboard.press('Enter');
  await sees(page, 'Đang chờ tiền');
};

tests['wrong codes, wrong receipts, a notice that is paid already: each has its page'] = async (service) => {
  const town = await makeAgency(service);
  const { made } = await notice(service, town);
  const page = await service.open(`${service.url}/pay/AAAABBBBCCCC`, { size: phone });
  await sees(page, 'Không có khoản tiền nào bị trừ.');
  await accessible(page, 'not found');
  await page.goto(`${service.url}/verify`);
  await page.locator('input[name=code]').fill('AAAABBBBCCCC');
  await page.getByRole('button', { name: 'Kiểm tra' }).click();
  await accessible(page, 'unknown receipt');
  await page.goto(new URL(made.pay_url, service.url).href);
  await page.getByRole('button', { name: /^Trả 100\.000/ }).click();
  await sees(page, 'Đang chờ tiền');
  await town.payos.notify({ ...(await bankApp(page, town)), amount: 100000 });
  // The page loads itself anew with the second tick; it is looked at when it is at rest.
  await sees(page, service.sandbox ? 'Đã ghi vào hồ sơ' : 'Đã nhận tiền', { within: 20_000 });
  const stranger = await service.open(new URL(made.pay_url, service.url).href, { size: phone });
  await sees(stranger, 'nộp');
  truth(!(await stranger.locator('button', { hasText: /^Trả/ }).count()), 'a paid notice cannot be paid again');
  await accessible(stranger, 'paid already');
};

tests['short and then the rest'] = async (service) => {
  const town = await makeAgency(service);
  const { made } = await notice(service, town);
  const page = await service.open(new URL(made.pay_url, service.url).href, { size: phone });
  await page.getByRole('button', { name: /^Trả 100\.000/ }).click();
  await sees(page, 'Đang chờ tiền');
  const app = await bankApp(page, town);
  await town.payos.notify({ ...app, amount: 40000 });
  await sees(page, '60.000 đ', { within: 12_000 });
  await accessible(page, 'short');
  await town.payos.notify({ ...app, reference: reference(), amount: 60000 });
  await sees(page, 'Đã nhận tiền', { within: 12_000 });
};

tests['start page, price board and English'] = async (service) => {
  const page = await service.open(`${service.url}/`, { size: phone });
  await sees(page, 'Hôm nay bạn cần gì?');
  await accessible(page, 'start');
  await page.goto(`${service.url}/?lang=en`);
  equal(await page.evaluate(() => document.documentElement.lang), 'en', 'lang of the page');
  await accessible(page, 'start in English');
  await page.goto(`${service.url}/pay?lang=en`);
  await accessible(page, 'find in English');
};

tests['one switch of the language for the public pages and the apps'] = async (service) => {
  const page = await service.open(`${service.url}/?lang=en`, { size: phone });
  await page.goto(`${service.url}/vendor/`);
  await sees(page, 'Sign in', { where: 'h1' });
  await page.getByRole('button', { name: 'Tiếng Việt' }).click();
  await sees(page, 'Đăng nhập', { where: 'h1' });
  await page.goto(`${service.url}/`);
  await sees(page, 'Hôm nay bạn cần gì?');
};
