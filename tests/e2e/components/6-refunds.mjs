import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

const sizes = [['phone', phone], ['desk', desk]];

async function counter(open, url, { person = mockPeople.vendor, ...options } = {}) {
  const page = await open(`${url}/vendor/`, options);
  await signIn(page, person);
  await page.waitForSelector('.keypad');
  return page;
}

// A payment of the first stall, settled before anybody looks.
function paid(world, amount) {
  const { market } = world;
  const made = market.createPayment({ stall: market.stalls[0].id, amount: { amount, currency: 'VND' } });
  market.credit(made.id, amount);
  return made.id;
}

async function story(page, url, payment) {
  await page.goto(`${url}/vendor/payments/${payment}`);
  await page.waitForSelector('#refunds');
}

async function looked(page, where) {
  await accessible(page, where);
  await pressable(page, where);
}

const dialog = (page) => page.getByRole('dialog').last();
const closed = (page) => page.waitForSelector('[role=dialog]', { state: 'detached' });

async function ask(page, amount) {
  await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).click();
  if (amount) await dialog(page).getByLabel('Số tiền hoàn').fill(String(amount));
  await dialog(page).getByRole('button', { name: /^Hoàn \d/ }).click();
}

for (const [name, size] of sizes) {
  tests[`refund: in part, sent by hand, then the rest (${name})`] = async ({ url, open, world }) => {
    const page = await counter(open, url, { size });
    await story(page, url, paid(world, 45000));
    await sees(page, 'Chưa hoàn lần nào. Còn được hoàn 45.000 đ.');
    await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).click();
    await looked(page, 'how much');
    await dialog(page).getByLabel('Số tiền hoàn').fill('45001');
    await sees(page, 'Từ 1 đ đến 45.000 đ', { where: '[role=dialog]' });
    equal(await dialog(page).getByRole('button', { name: /^Hoàn 45/ }).isDisabled(), true, 'too much cannot be sent');
    await accessible(page, 'too much');
    await dialog(page).getByLabel('Số tiền hoàn').fill('20000');
    await dialog(page).getByRole('button', { name: 'Hoàn 20.000 đ' }).click();
    await closed(page);
    await sees(page, 'Phải chuyển');
    await sees(page, 'chuyển lại khách đúng 20.000 đ với nội dung CQ');
    await page.waitForFunction(() => document.querySelector('.refund-qr')?.naturalWidth > 0);
    await looked(page, 'to be sent');

    await page.getByRole('button', { name: 'Tôi đã chuyển rồi' }).click();
    await looked(page, 'sent by hand');
    await dialog(page).getByLabel('Mã giao dịch').fill('FT26327000123');
    await dialog(page).getByLabel('Bạn thấy ở đâu').fill('App ngân hàng');
    await dialog(page).getByRole('button', { name: 'Tôi đã chuyển rồi' }).click();
    await closed(page);
    await sees(page, 'Đã hoàn');
    await sees(page, 'FT26327000123');
    await looked(page, 'given back in part');
    await ask(page);
    await closed(page);
    await sees(page, '25.000 đ');
    equal(await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).count(), 0, 'nothing is left to give back');
    await looked(page, 'nothing left');
  };
}

tests['refund: a large one needs a second person'] = async ({ url, open, world }) => {
  const payment = paid(world, 6_000_000);
  const maker = await counter(open, url);
  await story(maker, url, payment);
  await ask(maker);
  await closed(maker);
  await sees(maker, 'Chờ duyệt');
  await sees(maker, 'Chờ người khác duyệt. Chưa chuyển tiền.');
  equal(await maker.getByRole('button', { name: 'Duyệt', exact: true }).count(), 0, 'the maker does not approve');
  await looked(maker, 'waits for approval');

  const second = await counter(open, url, { person: { ...mockPeople.vendor, login: 'chongthe' } });
  await story(second, url, payment);
  await looked(second, 'to be approved');
  await second.getByRole('button', { name: 'Không duyệt' }).click();
  await looked(second, 'rejection');
  await dialog(second).getByRole('button', { name: 'Quay lại' }).click();
  await closed(second);
  await second.getByRole('button', { name: 'Duyệt', exact: true }).click();
  await looked(second, 'approval');
  await dialog(second).getByRole('button', { name: 'Duyệt', exact: true }).click();
  await closed(second);
  await sees(second, 'Phải chuyển');
};

tests['refund: somebody else was faster'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  await story(page, url, payment);
  await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).click();
  await control('refund-elsewhere', { payment, amount: 30000 });
  await dialog(page).getByRole('button', { name: 'Hoàn 45.000 đ' }).click();
  await sees(page, 'Còn được hoàn 15.000 đ. Hãy xem lại rồi hoàn tiếp.', { where: '[role=dialog]' });
  await sees(page, 'Từ 1 đ đến 15.000 đ', { where: '[role=dialog]' });
  await looked(page, 'somebody else was faster');
  await dialog(page).getByLabel('Số tiền hoàn').fill('15000');
  await control('refund-elsewhere', { payment, amount: 15000 });
  await dialog(page).getByRole('button', { name: 'Hoàn 15.000 đ' }).click();
  await sees(page, 'Không còn gì để hoàn: đã có người hoàn hết.', { where: '[role=dialog]' });
  await looked(page, 'nothing is left');
  equal(world.refunds.of(payment).length, 2, 'refunds');
};

tests['refund: a lost answer is asked for again, one refund'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  await story(page, url, payment);
  let lost = false;
  await page.route('**/refunds', async (route) => {
    if (route.request().method() !== 'POST' || lost) return route.continue();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  await ask(page, 20000);
  await sees(page, 'máy không ghi hai lần', { where: '[role=dialog]' });
  truth(world.refunds.of(payment).length === 1, 'the first call arrived');
};

tests['refund: the bank sends it back'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  await story(page, url, payment);
  await ask(page);
  await closed(page);
  const [refund] = world.refunds.of(payment);
  await sees(page, 'Phải chuyển');
  await control('refund-paid', { refund: refund.id });
  await sees(page, 'Đã xong, không phải làm gì thêm.', { within: 1500 });
  await control('refund-returned', { refund: refund.id });
  await sees(page, 'Ngân hàng trả về', { within: 1500 });
  await sees(page, 'Hỏi khách số tài khoản đúng rồi lập khoản hoàn khác.');
  await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).waitFor();
  await looked(page, 'sent back');
};

tests['refund: in English, in the sun, at 320 px'] = async ({ url, open, world }) => {
  const page = await counter(open, url, { size: { width: 320, height: 568 } });
  await page.getByRole('button', { name: 'Ngoài nắng' }).click();
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await story(page, url, paid(world, 45000));
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  await looked(page, 'how much, in English');
  await dialog(page).getByRole('button', { name: /^Refund \d/ }).click();
  await closed(page);
  await sees(page, 'To be sent');
  await page.waitForFunction(() => document.querySelector('.refund-qr')?.naturalWidth > 0);
  await looked(page, 'to be sent, in English');
  await page.getByRole('button', { name: 'Cancel the refund' }).click();
  await looked(page, 'cancellation, in English');
};

for (const [name, size] of sizes) {
  tests[`nameless money: a guess is confirmed with one question (${name})`] = async ({ url, open, control, world }) => {
    const page = await counter(open, url, { size });
    const { market } = world;
    const payment = market.createPayment({ stall: market.stalls[0].id, amount: { amount: 33000, currency: 'VND' } });
    await control('suggest', { payment: payment.id });
    await page.goto(`${url}/vendor/day-book`);
    await page.locator('.line', { hasText: '33.000' }).click();
    await page.getByRole('button', { name: `Đây là tiền của mã ${payment.reference}` }).waitFor();
    await looked(page, 'a guess');
    await page.getByRole('button', { name: `Đây là tiền của mã ${payment.reference}` }).click();
    await sees(page, `Ghi 33.000 đ cho mã ${payment.reference}?`);
    await looked(page, 'the question');
    await page.getByRole('button', { name: 'Đúng, ghi cho mã này' }).click();
    await closed(page);
    equal(market.payments.get(payment.id).state.name, 'paid', 'the payment');
  };
}

tests['nameless money: somebody else assigned it'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const { market } = world;
  const payment = market.createPayment({ stall: market.stalls[0].id, amount: { amount: 33000, currency: 'VND' } });
  await control('suggest', { payment: payment.id });
  await page.goto(`${url}/vendor/day-book`);
  await page.locator('.line', { hasText: '33.000' }).click();
  await page.getByRole('button', { name: /^Đây là tiền của mã/ }).click();
  await control('fault', { path: 'assignment', status: 409, code: 'invalid_state', title: 'Không làm được lúc này', detail: 'Khoản tiền này đã được ghi cho khoản khác.' });
  await page.getByRole('button', { name: 'Đúng, ghi cho mã này' }).click();
  await sees(page, 'Khoản tiền này đã được ghi cho khoản khác.');
  await looked(page, 'somebody else assigned it');
};

tests['nameless money goes back'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const { market, refunds } = world;
  const credit = market.addCredit(market.stalls[0].id, null, 33000, 'nameless');
  await page.goto(`${url}/vendor/day-book`);
  await page.locator('.line', { hasText: '33.000' }).click();
  await sees(page, 'Còn được hoàn 33.000 đ.', { where: '[role=dialog]' });
  await looked(page, 'nameless money');
  await ask(page);
  await sees(page, 'Phải chuyển', { where: '[role=dialog]' });
  await page.waitForFunction(() => document.querySelector('.refund-qr')?.naturalWidth > 0);
  await looked(page, 'nameless money to be sent back');
  equal(refunds.of(credit.id)[0].reason.code, 'wrong_payment', 'why');
};
