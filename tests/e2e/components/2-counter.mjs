import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, fits, pressable, sees, spaced, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

async function counter(open, url, { person = mockPeople.vendor, ...options } = {}) {
  const page = await open(`${url}/vendor/`, options);
  await signIn(page, person);
  await page.waitForSelector('.keypad');
  return page;
}

async function ask(page, keys) {
  for (const key of keys) await page.locator('.key', { hasText: new RegExp(`^${key}$`) }).click();
  await page.getByRole('button', { name: /^Tạo mã/ }).click();
  await page.waitForSelector('.qr');
  return /pay_[0-9a-z]+/.exec(page.url())[0];
}

const outcomes = {
  'enough': [async (control, payment) => control('credit', { payment, amount: 45000 }), 'Đủ 45.000 đ'],
  'short': [async (control, payment) => control('credit', { payment, amount: 40000 }), 'Thiếu 5.000 đ'],
  'too much': [async (control, payment) => control('credit', { payment, amount: 55000 }), 'Dư 10.000 đ'],
  'paid twice': [async (control, payment) => { await control('credit', { payment, amount: 45000 }); await control('credit', { payment, amount: 45000 }); }, 'Trả hai lần: thừa 45.000 đ'],
  'in doubt': [async (control, payment) => control('doubt', { payment }), 'Đừng giao hàng vội.'],
  'time over': [async (control, payment) => control('expire', { payment }), 'Mã hết hạn. Nếu khách đã chuyển, tiền vẫn vào và máy sẽ báo.'],
  'late': [async (control, payment) => { await control('expire', { payment }); await control('credit', { payment, amount: 45000 }); }, 'Vào trễ 45.000 đ'],
};

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`home: keypad, today, last lines (${name})`] = async ({ url, open }) => {
    const page = await counter(open, url, { size });
    await sees(page, '25 khoản');
    await accessible(page, 'home');
    await pressable(page, 'home');
    equal(await page.locator('.home-lines section:last-child .lines li').count(), 5, 'last lines');
  };

  for (const [outcome, [act, words]] of Object.entries(outcomes)) {
    tests[`waiting code, then ${outcome} (${name})`] = async ({ url, open, control }) => {
      const page = await counter(open, url, { size });
      const payment = await ask(page, ['4', '5', '000']);
      await sees(page, 'Sạp 12 · Bà Thế');
      equal(await page.locator('.qr').evaluate((image) => image.complete && image.naturalWidth > 0), true, 'the QR picture is there');
      await accessible(page, 'waiting code');
      await pressable(page, 'waiting code');
      const started = Date.now();
      await act(control, payment);
      await sees(page, words, { within: 1000 });
      truth(Date.now() - started < 1000, 'shown within a second');
      if (outcome === 'enough') await page.locator('.outcome').click();  // somebody touches it: it stays
      await accessible(page, outcome);
      await pressable(page, outcome);
    };
  }

  tests[`day book: sums, filter, table, other day (${name})`] = async ({ url, open }) => {
    const page = await counter(open, url, { size });
    await page.goto(`${url}/vendor/day-book`);
    await page.waitForSelector('.day-sum');
    await accessible(page, 'day book');
    await pressable(page, 'day book');
    await page.getByRole('button', { name: 'Xem dạng bảng' }).click();
    await accessible(page, 'hours as a table');
    await page.getByRole('button', { name: /^Tiền mặt/ }).click();
    equal(new Set((await page.locator('.line-word').allInnerTexts())).size, 1, 'kinds after filtering');
    await page.getByRole('button', { name: 'Ngày trước' }).first().click();
    await sees(page, 'Ngày này không bán');
    await accessible(page, 'empty day');
  };

  tests[`until when money is known: under a waiting code, on the day book (${name})`] = async ({ url, open, world }) => {
    const page = await counter(open, url, { size });
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' });
    const text = `Tiền biết đến ${clock.format(new Date(world.market.knownAsOf))}`;
    await ask(page, ['4', '5', '000']);
    await sees(page, text, { where: '.wait' });
    await fits(page, 'waiting code');
    await accessible(page, 'waiting code with the time');
    await page.goto(`${url}/vendor/day-book`);
    await sees(page, text, { where: '.day-totals' });
    await fits(page, 'day book');
    world.market.knownAsOf = null;
    await page.reload();
    await page.waitForSelector('.day-sum');
    truth(!(await page.locator('.known').count()), 'nothing is said where nothing is known');
  };

  tests[`money that may be missing: said calmly on the day book (${name})`] = async ({ url, open, world }) => {
    const gap = (from, to, being_asked) => ({ from: `2026-11-22T${from}:00+07:00`, to: `2026-11-22T${to}:00+07:00`, being_asked });
    world.market.moneyGaps = [gap('10:05', '10:12', true), gap('14:30', '14:31', false), gap('15:02', '15:02', false)];
    const page = await counter(open, url, { size });
    await page.goto(`${url}/vendor/day-book`);
    await sees(page, 'Có thể còn tiền chưa báo từ 10:05 đến 10:12, đang hỏi lại ngân hàng.', { where: '.day' });
    await sees(page, 'Có thể còn tiền chưa báo từ 14:30 đến 14:31. Xem lại trong ứng dụng ngân hàng.', { where: '.day' });
    await sees(page, 'Có thể còn tiền chưa báo lúc 15:02. Xem lại', { where: '.day' });
    await fits(page, 'day book with gaps');
    await accessible(page, 'day book with gaps');
    world.market.moneyGaps = [];
    await page.reload();
    await page.waitForSelector('.day-sum');
    truth(!(await page.locator('.money-gap').count()), 'nothing is said where nothing is missing');
  };

  tests[`one payment: story, money, acts (${name})`] = async ({ url, open, control }) => {
    const page = await counter(open, url, { size });
    const payment = await ask(page, ['4', '5', '000']);
    await page.goto(`${url}/vendor/payments/${payment}`);
    await sees(page, 'Chưa có tiền về');
    await accessible(page, 'no money yet');
    await control('credit', { payment, amount: 40000 });
    await sees(page, 'Thiếu 5.000 đ', { within: 1500 });
    await sees(page, 'Ngân hàng báo có');
    await accessible(page, 'short payment');
    await page.getByRole('button', { name: 'Bớt luôn 5.000 đ' }).click();
    await accessible(page, 'question before letting go');
    await page.getByRole('dialog').getByRole('button', { name: 'Bớt luôn 5.000 đ' }).click();
    await page.waitForSelector('[role=dialog]', { state: 'detached' });
    await sees(page, 'Đủ', { where: '.story-head' });
    await pressable(page, 'one payment');
  };
}

tests['the page goes home by itself four seconds after enough, unless touched'] = async ({ url, open, control }) => {
  const page = await counter(open, url);
  const payment = await ask(page, ['4', '5', '000']);
  await control('credit', { payment, amount: 45000 });
  await sees(page, 'Đủ 45.000 đ');
  await page.waitForSelector('.keypad', { timeout: 7000 });
  const second = await ask(page, ['2', '0', '000']);
  await control('credit', { payment: second, amount: 20000 });
  await sees(page, 'Đủ 20.000 đ');
  await page.locator('.outcome').click();
  await page.waitForTimeout(5000);
  truth(await page.locator('.outcome').isVisible(), 'it stays when touched');
};

tests['money for another code is heard on every page, as text for the loudspeaker too'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const stall = world.market.stalls[0].id;
  await page.waitForTimeout(300);
  await control('nameless', { stall, amount: 20000 });
  await sees(page, '20.000 đ Không rõ mã', { within: 1000, where: '.arrival' });
  await sees(page, 'hai mươi nghìn đồng', { where: '[data-testid=spoken]' });
  await accessible(page, 'arrival');
};

tests['a code for the missing rest, then enough'] = async ({ url, open, control }) => {
  const page = await counter(open, url);
  const payment = await ask(page, ['4', '5', '000']);
  await control('credit', { payment, amount: 40000 });
  await page.getByRole('button', { name: 'Mã cho phần thiếu' }).click();
  await sees(page, 'Phần thiếu của 45.000 đ');
  equal(spaced(await page.locator('.qr-amount').innerText()), '5.000 đ', 'amount under the QR');
  await accessible(page, 'code for the rest');
  await control('credit', { payment, amount: 5000 });
  await sees(page, 'Đủ 45.000 đ', { within: 1000 });
};

tests['cancelling asks first'] = async ({ url, open }) => {
  const page = await counter(open, url);
  await ask(page, ['9', '000']);
  await page.getByRole('button', { name: 'Hủy mã này' }).click();
  await sees(page, 'Hủy mã này?', { where: '[role=dialog]' });
  await accessible(page, 'cancel question');
  await page.getByRole('dialog').getByRole('button', { name: 'Hủy mã này' }).click();
  await sees(page, 'Đã hủy mã');
  await accessible(page, 'cancelled');
};

tests['a screenshot is checked against the book'] = async ({ url, open, control, world }) => {
  const page = await counter(open, url);
  const payment = await ask(page, ['4', '5', '000']);
  await page.getByRole('button', { name: 'Khách đưa ảnh chuyển khoản?' }).click();
  await page.getByLabel('Số tiền trên ảnh').fill('45000');
  await page.getByLabel('4 ký tự cuối').fill('0000');
  await page.getByRole('button', { name: 'Kiểm trong sổ' }).click();
  await sees(page, 'Chưa thấy', { where: '[role=dialog]' });
  await accessible(page, 'not seen');
  const used = world.market.credits.find((credit) => credit.kind === 'matched');
  await page.getByLabel('Số tiền trên ảnh').fill(String(used.amount.amount));
  await page.getByLabel('4 ký tự cuối').fill(used.bank_reference.slice(-4));
  await page.getByRole('button', { name: 'Kiểm trong sổ' }).click();
  await sees(page, 'Đã dùng cho khoản', { where: '[role=dialog]' });
  truth(payment, 'the code still waits');
};

tests['cash is written to the day, once'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const before = world.market.cash.length;
  for (const key of ['3', '0', '000']) await page.locator('.key', { hasText: new RegExp(`^${key}$`) }).click();
  await page.getByRole('button', { name: 'Tiền mặt', exact: true }).click();
  await accessible(page, 'cash');
  await page.getByRole('button', { name: 'Ghi 30.000 đ tiền mặt' }).dblclick();
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  equal(world.market.cash.length, before + 1, 'cash sales');
};

tests['a lost answer is asked for again with the same key: one payment'] = async ({ url, open, world }) => {
  const page = await counter(open, url);
  const before = world.market.payments.size;
  let lost = false;
  await page.route('**/v1/payments', async (route) => {
    if (route.request().method() !== 'POST' || lost) return route.continue();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  for (const key of ['7', '000']) await page.locator('.key', { hasText: new RegExp(`^${key}$`) }).click();
  await page.getByRole('button', { name: /^Tạo mã/ }).click();
  await sees(page, 'Chưa rõ đã ghi hay chưa. Thử lại được: máy không ghi hai lần. Không có mạng');
  await accessible(page, 'lost answer');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.waitForSelector('.qr');
  equal(world.market.payments.size, before + 1, 'payments');
};

tests['a refused code: the reason stands in view, above the button'] = async ({ url, open, control }) => {
  const page = await counter(open, url);
  await control('fault', { path: 'v1/payments', method: 'POST', status: 422, title: 'Số tiền quá lớn' });
  for (const key of ['9', '000', '000']) await page.locator('.key', { hasText: new RegExp(`^${key}$`) }).click();
  const button = page.getByRole('button', { name: /^Tạo mã/ });
  await button.click();
  await sees(page, 'Chưa có gì được ghi. Số tiền quá lớn');
  await accessible(page, 'refused code');
  const [bar, reason, below] = [await page.locator('.top').boundingBox(), await page.locator('.pad-error [role=alert]').boundingBox(), await button.boundingBox()];
  truth(reason.y >= bar.y + bar.height && reason.y + reason.height <= below.y, 'the reason is between the bar and the button');
};

tests['keys of a keyboard alone: sell, go back, open the book'] = async ({ url, open }) => {
  const page = await counter(open, url, { size: desk });
  await page.keyboard.type('45000');
  await sees(page, 'Tạo mã 45.000 đ');
  await page.keyboard.press('Backspace');
  await sees(page, 'Tạo mã 4.500 đ');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.qr');
  for (let step = 0; step < 8 && (await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) !== 'Quay lại'; step += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.keypad');
  let steps = 0;
  while (steps < 12 && !(await page.evaluate(() => document.activeElement?.classList.contains('today')))) { await page.keyboard.press('Tab'); steps += 1; }
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  equal(outline, 'solid', 'focus ring');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.day-sum');
};

tests['empty, loading and failing home'] = async ({ url, open, control }) => {
  const page = await counter(open, url, { person: mockPeople.fresh });
  await sees(page, 'Chưa có khoản nào');
  await accessible(page, 'first day');
  await control('fault', { path: 'day-book', delay: 1500 });
  await page.reload();
  await page.waitForSelector('.bone');
  await accessible(page, 'loading');
  await control('heal');
  await control('fault', { path: 'day-book', status: 500, title: 'Máy chủ gặp lỗi' });
  await page.reload();
  await sees(page, 'Máy chủ gặp lỗi', { within: 15_000 });
  await accessible(page, 'failing');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await sees(page, 'Chưa có khoản nào');
};

tests['in the sun and in large text, at 320 px'] = async ({ url, open }) => {
  const page = await counter(open, url, { size: { width: 320, height: 568 } });
  await fits(page, 'home at 320');
  await page.getByRole('button', { name: 'Ngoài nắng' }).click();
  await page.getByRole('button', { name: 'Chữ to' }).click();
  await accessible(page, 'home in the sun');
  await page.reload();
  await page.waitForSelector('.keypad');
  truth(await page.evaluate(() => document.documentElement.hasAttribute('data-sun') && document.documentElement.hasAttribute('data-large')), 'the switches stay');
  await ask(page, ['4', '5', '000']);
  await accessible(page, 'waiting code in the sun');
  await page.goto(`${url}/vendor/day-book`);
  await page.waitForSelector('.day-sum');
  await accessible(page, 'day book in the sun');
};

tests['in English, with the server asked in English'] = async ({ url, open }) => {
  const page = await counter(open, url);
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await accessible(page, 'menu');
  const asked = page.waitForRequest((request) => request.url().includes('day-book') && request.headers()['accept-language'] === 'en');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.waitForSelector('.overlay', { state: 'detached' });  // while it leaves, a tap beside it belongs to it
  await page.locator('.today').click();
  await asked;
  await sees(page, 'Day book');
  await accessible(page, 'day book in English');
};

tests['the live line is cut: the page says so, comes back, and nothing is lost'] = async ({ url, open, control }) => {
  const page = await counter(open, url);
  const payment = await ask(page, ['4', '5', '000']);
  await control('drop-streams');
  await sees(page, 'Đang nối lại đường tin');
  await control('credit', { payment, amount: 45000 });
  await sees(page, 'Đủ 45.000 đ', { within: 5000 });
};

tests['without a network the counter opens with the last day it knew'] = async ({ url, open }) => {
  const page = await counter(open, url);
  await sees(page, '25 khoản');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await sees(page, '25 khoản');
  await page.context().setOffline(true);
  await page.reload();
  await sees(page, 'Ngoại tuyến – số lúc', { within: 15_000 });
  await sees(page, '25 khoản');
  await accessible(page, 'offline');
};

tests['the app can be installed'] = async ({ url, open }) => {
  const page = await counter(open, url);
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json());
  equal(manifest.start_url, '/vendor/', 'start');
  for (const icon of manifest.icons) equal(await page.evaluate(async (src) => (await fetch(src)).status, icon.src), 200, icon.src);
};
