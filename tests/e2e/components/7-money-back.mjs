// Why money was matched, money that left otherwise than its refund says, and what is still to be given back.
import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

const sizes = [['phone', phone], ['desk', desk]];

async function counter(open, url, options = {}) {
  const page = await open(`${url}/vendor/`, options);
  await signIn(page, mockPeople.vendor);
  await page.waitForSelector('.keypad');
  return page;
}

function paid(world, amount, came = amount) {
  const { market } = world;
  const made = market.createPayment({ stall: market.stalls[0].id, amount: { amount, currency: 'VND' } });
  market.credit(made.id, came);
  return market.payments.get(made.id);
}

// A refund of the whole payment, asked for by somebody else.
function owed(world, payment) {
  return world.refunds.make(payment, payment.received.amount, { amount: payment.received, reason: { code: 'returned_goods' } }, 'somebody else');
}

async function looked(page, where) {
  await accessible(page, where);
  await pressable(page, where);
}

const spaced = (text) => text.replaceAll('\u00a0', ' ').replaceAll('\n', ' ');
const dayBook = async (page, url) => { await page.goto(`${url}/vendor/day-book`); await page.waitForSelector('.day-sum'); };

for (const [name, size] of sizes) {
  tests[`money back: a payment says why its money was matched (${name})`] = async ({ url, open, world }) => {
    const page = await counter(open, url, { size });
    const payment = paid(world, 45000);
    const credit = world.market.credits.at(-1);
    credit.narrative = `MBVCB.1234 cá ngừ ${payment.reference} CT tu`;
    credit.match = { ...credit.match, rules_version: 3, characters: { from: 18, length: 9, text: payment.reference } };
    await page.goto(`${url}/vendor/payments/${payment.id}`);
    await sees(page, `Nội dung chuyển khoản có mã của khoản này: “${payment.reference}”. (luật khớp bản 3)`);
    equal(await page.locator('.credits mark').innerText(), payment.reference, 'the characters that matched');
    equal(await page.locator('.credits .code', { has: page.locator('mark') }).innerText(), credit.narrative, 'the memo whole');
    await sees(page, 'NGUYEN VAN AN, MBBank, •••• 7999');
    await looked(page, 'why it matched');
  };

  tests[`money back: too little left, then all of it (${name})`] = async ({ url, open, control, world }) => {
    const page = await counter(open, url, { size });
    const payment = paid(world, 45000);
    const refund = owed(world, payment);
    await page.goto(`${url}/vendor/payments/${payment.id}`);
    await sees(page, 'Phải chuyển');
    await control('refund-differs', { refund: refund.id, amount: 44000 });
    await sees(page, 'Mới chuyển 44.000 đ, còn thiếu 1.000 đ.', { within: 1500 });
    await sees(page, `Chuyển nốt 1.000 đ với nội dung ${refund.reference}.`);
    equal(await page.locator('.refund mark').innerText(), refund.reference, 'the code in what the bank wrote');
    equal(spaced(await page.locator('.refund').innerText()).includes('chuyển lại khách đúng'), false, 'nobody is told to send the whole again');
    await page.getByAltText(/chuyển lại 1\.000\sđ$/).waitFor();  // what is missing, not the whole again
    await looked(page, 'too little left');

    await dayBook(page, url);
    await sees(page, 'Hoàn lệch', { where: '.day' });
    equal(spaced(await page.locator('.line', { hasText: 'Hoàn lệch' }).locator('.line-amount').innerText()), '44.000 đ / 45.000 đ', 'what left of what');
    await sees(page, 'Mới chuyển 44.000 đ, còn thiếu 1.000 đ.', { where: '.day' });
    await looked(page, 'the day book with it');
    await page.locator('.line', { hasText: 'Hoàn lệch' }).click();
    await page.waitForURL(`**/payments/${payment.id}`);
  };

  tests[`money back: it stands in the day book until it has left (${name})`] = async ({ url, open, control, world }) => {
    const page = await counter(open, url, { size });
    world.market.credits.length = 0;
    await dayBook(page, url);
    equal(await page.locator('#owed').count(), 0, 'nothing is to be given back');
    const payment = paid(world, 45000);
    const refund = owed(world, payment);
    await dayBook(page, url);
    const row = page.locator('.line-owed');
    equal(await row.count(), 1, 'rows');
    const text = spaced(await row.innerText());
    truth(text.includes('45.000 đ') && text.includes('Phải chuyển') && text.includes(`mã ${refund.reference}`) && /Từ \d\d\/\d\d\/\d{4} \d\d:\d\d/.test(text), `amount, state, code and since when: ${text}`);
    equal(spaced(await page.locator('.day-split div', { hasText: 'Phải trả lại' }).locator('dd').innerText()).startsWith('45.000 đ'), true, 'the sum');
    await looked(page, 'to be given back');
    await row.click();
    await page.waitForURL(`**/payments/${payment.id}`);
    await page.goBack();
    await page.waitForSelector('.line-owed');
    await control('refund-paid', { refund: refund.id });
    await row.waitFor({ state: 'detached', timeout: 3000 });
  };
}

tests['money back: paid twice'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  const refund = owed(world, payment);
  await control('refund-paid', { refund: refund.id });
  await control('refund-differs', { refund: refund.id, amount: 45000 });
  await page.goto(`${url}/vendor/payments/${payment.id}`);
  await sees(page, 'Hoàn hai lần. Đã chuyển 90.000 đ, dư 45.000 đ.');
  await sees(page, 'nhờ khách trả lại 45.000 đ');
  await looked(page, 'paid twice');
};

tests['money back: a surplus nobody has asked for yet'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  world.market.credits.length = 0;
  const payment = paid(world, 30000, 40000);
  await dayBook(page, url);
  await sees(page, 'Khách trả dư', { where: '.line-owed' });
  await sees(page, `mã ${payment.reference}`, { where: '.line-owed' });
  await page.locator('.line-owed').click();
  await page.getByRole('button', { name: 'Hoàn tiền', exact: true }).waitFor();
};

tests['money back: of nameless money, from the day book'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const { market, refunds } = world;
  const credit = market.addCredit(market.stalls[0].id, null, 33000, 'nameless');
  const refund = refunds.make(credit, 33000, { amount: credit.amount, reason: { code: 'wrong_payment' } }, 'somebody else');
  await control('refund-differs', { refund: refund.id, amount: 34000 });
  await dayBook(page, url);
  await page.locator('.line-owed', { hasText: refund.reference }).click();
  await sees(page, 'Đã chuyển 34.000 đ, dư 1.000 đ.', { where: '[role=dialog]' });
  equal(await page.locator('.refund-qr').count(), 0, 'no code to pay what was paid too much already');
  await looked(page, 'nameless money that left otherwise');
  await page.getByRole('dialog').getByRole('button').first().click();
  await page.locator('.line', { hasText: 'Hoàn lệch' }).click();
  await sees(page, 'Đã chuyển 34.000 đ, dư 1.000 đ.', { where: '[role=dialog]' });
};

tests['money back: two rails tell of different payers'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  world.market.credits.at(-1).payer.contradictions = [{ fact: 'account', rail: 'vietqr', told: '•••• 4444' }];
  const refund = owed(world, payment);
  const whole = world.refunds.whole.bind(world.refunds);
  world.refunds.whole = (one, reader) => ({ ...whole(one, reader), destination: null, destination_unknown: { code: 'payer_contradicted', text: 'Hai nơi báo hai tài khoản khách khác nhau: hỏi khách số tài khoản đúng rồi mới chuyển.' } });
  await page.goto(`${url}/vendor/payments/${payment.id}`);
  await sees(page, 'vietqr báo khác');
  await sees(page, 'Tài khoản: •••• 4444');
  await sees(page, 'hỏi khách số tài khoản đúng rồi mới chuyển', { where: '.refund' });
  equal(await page.locator('.refund-qr').count(), 0, 'no code to pay a disputed account');
  truth(refund.state.name === 'due', 'the refund is due');
  await looked(page, 'two payers');
};

tests['money back: decided before reasons were kept'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const payment = paid(world, 45000);
  world.market.credits.at(-1).match = null;
  await page.goto(`${url}/vendor/payments/${payment.id}`);
  await sees(page, 'Ghi từ trước khi máy lưu lý do khớp.');
  equal(await page.locator('mark').count(), 0, 'marks');
};

tests['money back: in English, in the sun, large, at 320 px'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url, { size: { width: 320, height: 568 } });
  await page.getByRole('button', { name: 'Ngoài nắng' }).click();
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.evaluate(() => { document.documentElement.dataset.large = ''; });
  const payment = paid(world, 4_500_000);
  const refund = owed(world, payment);
  await control('refund-differs', { refund: refund.id, amount: 4_400_000 });
  await page.goto(`${url}/vendor/payments/${payment.id}`);
  await sees(page, 'Why it matched');
  await sees(page, 'Money that left');
  await looked(page, 'a payment in English');
  await dayBook(page, url);
  await sees(page, 'Refund differs', { where: '.day' });
  await looked(page, 'the day book in English');
};
