import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, sees, truth } from '../support/checks.mjs';
import { signIn } from '../support/people.mjs';
import { reference } from '../support/rails.mjs';
import { makeStall } from '../support/town.mjs';
import { Api } from '../support/api.mjs';

export const tests = {};

async function counter(service, open, size = phone) {
  const town = await makeStall(service);
  const page = await open(`${service.url}/vendor/`, { size });
  await signIn(page, town.vendor);
  await page.waitForSelector('.keypad');
  return { town, page };
}

// On the pad, as a seller does it. Answers the payment as the API has it.
async function ask(page, town, service, amount) {
  await page.keyboard.type(String(amount));
  await page.getByRole('button', { name: /^Tạo mã/ }).click();
  await page.waitForSelector('.qr');
  await page.waitForFunction(() => document.querySelector('.qr').complete && document.querySelector('.qr').naturalWidth > 0);
  const seller = await Api.signedIn(service.url, town.vendor);
  return { seller, payment: await seller.get(`/v1/payments/${/pay_[0-9a-z]+/.exec(page.url())[0]}`) };
}

const transfer = (town, payment, amount, given = {}) => ({ account: town.account.account_number, amount, memo: `${payment.reference} CT tu 0351000767999 NGUYEN VAN AN toi ${town.account.account_number}`, reference: reference(), ...given });

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`45.000 đ asked, paid over payOS, heard within a second; five repeats and the other rail change nothing (${name})`] = async (service) => {
    const { town, page } = await counter(service, service.open, size);
    await accessible(page, 'first day');
    const { seller, payment } = await ask(page, town, service, 45000);
    truth(payment.qr.payload.includes(payment.reference), 'the order code stands in the QR');
    await accessible(page, 'waiting code');
    const sent = transfer(town, payment, 45000);
    const seen = sees(page, 'Đủ 45.000 đ', { within: 5000 });
    equal((await town.payos.notify(sent)).status, 200, 'payOS is answered');
    const acknowledged = Date.now();
    await seen;
    truth(Date.now() - acknowledged < 1000, 'shown within a second of the acknowledgement');
    await sees(page, 'bốn mươi lăm nghìn');
    await page.locator('.outcome').click();
    await accessible(page, 'enough');
    for (let again = 0; again < 5; again += 1) equal((await town.payos.notify(sent)).status, 200, 'a repeat is answered');
    equal((await town.vietqr.notify(sent)).status, 200, 'the other rail is answered');
    const credits = await seller.get(`/v1/payments/${payment.id}/credits`);
    equal(credits.data.length, 1, 'credits');
    equal(credits.data[0].rails.slice().sort().join(), 'payos,vietqr', 'rails of the one credit');
    const book = await seller.get(`/v1/stalls/${town.stall.id}/day-book`);
    equal(book.totals.all.sum.amount, 45000, 'sum of the day');
    await page.getByRole('link', { name: 'Xem khoản này' }).click();
    await sees(page, 'Tiền đã về');
    await accessible(page, 'the payment');
    await page.goto(`${service.url}/vendor/day-book`);
    await sees(page, '45.000 đ', { where: '.day-sum' });
    await accessible(page, 'day book');
  };
}

tests['paid over vietqr.vn with its token'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { payment } = await ask(page, town, service, 60000);
  equal((await town.vietqr.notify(transfer(town, payment, 60000))).status, 200, 'vietqr.vn is answered');
  await sees(page, 'Đủ 60.000 đ', { within: 2000 });
};

tests['a wrong signature is refused and changes nothing'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { seller, payment } = await ask(page, town, service, 45000);
  const answer = await town.payos.notify(transfer(town, payment, 45000, { secret: 'someone else entirely' }));
  truth(answer.status >= 400 && answer.status < 500, `refused (${answer.status})`);
  equal((await seller.get(`/v1/payments/${payment.id}`)).state.name, 'waiting', 'state');
  await sees(page, 'Đang chờ tiền');
};

tests['short, then the rest: thiếu, then đủ'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { payment } = await ask(page, town, service, 45000);
  await town.payos.notify(transfer(town, payment, 40000));
  await sees(page, 'Thiếu 5.000 đ', { within: 2000 });
  await accessible(page, 'short');
  await page.getByRole('button', { name: 'Mã cho phần thiếu' }).click();
  await sees(page, 'Phần thiếu của 45.000 đ');
  await town.payos.notify(transfer(town, payment, 5000));
  await sees(page, 'Đủ 45.000 đ', { within: 2000 });
  await sees(page, 'Đủ bốn mươi lăm nghìn đồng');  // the whole, not the part that came last
};

tests['short, and the seller lets the rest go'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { seller, payment } = await ask(page, town, service, 45000);
  await town.payos.notify(transfer(town, payment, 44000));
  await sees(page, 'Thiếu 1.000 đ', { within: 2000 });
  await page.getByRole('button', { name: 'Bớt luôn 1.000 đ' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Bớt luôn 1.000 đ' }).click();
  await sees(page, 'Đã bớt, nhận 44.000 đ', { within: 4000 });
  equal((await seller.get(`/v1/payments/${payment.id}`)).state.name, 'paid', 'state');
};

tests['too much: dư, and the surplus is owed'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { payment } = await ask(page, town, service, 45000);
  await town.payos.notify(transfer(town, payment, 55000));
  await sees(page, 'Dư 10.000 đ', { within: 2000 });
  await accessible(page, 'too much');
  await page.goto(`${service.url}/vendor/day-book`);
  await sees(page, '10.000 đ', { where: '.day-split' });
};

tests['a second transfer is money too: paid twice'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { seller, payment } = await ask(page, town, service, 45000);
  await town.payos.notify(transfer(town, payment, 45000));
  await sees(page, 'Đủ 45.000 đ', { within: 2000 });
  await town.payos.notify(transfer(town, payment, 45000));
  await page.goto(`${service.url}/vendor/day-book`);
  await sees(page, 'Trả hai lần');
  equal((await seller.get(`/v1/payments/${payment.id}`)).excess.amount, 45000, 'owed to the payer');
  await accessible(page, 'day book with a duplicate');
};

tests['money after cancelling is late, not lost'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { payment } = await ask(page, town, service, 45000);
  await page.getByRole('button', { name: 'Hủy mã này' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Hủy mã này' }).click();
  await sees(page, 'Đã hủy mã');
  await town.payos.notify(transfer(town, payment, 45000));
  await sees(page, 'Vào trễ 45.000 đ', { within: 2000 });
  await accessible(page, 'late');
};

tests['money without a code is in the day book'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  await page.waitForTimeout(500);
  await town.payos.notify({ account: town.account.account_number, amount: 20000, memo: 'NGUYEN VAN AN chuyen tien', reference: reference() });
  await sees(page, 'Không rõ mã', { within: 2000 });
  await sees(page, '20.000 đ', { where: '.today' });
};

tests['the live line resumes where it was cut'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { payment } = await ask(page, town, service, 45000);
  await page.context().setOffline(true);
  await town.payos.notify(transfer(town, payment, 45000));
  await page.context().setOffline(false);
  await sees(page, 'Đủ 45.000 đ', { within: 12_000 });
};

tests['cash and transfers add up in the book, by the keyboard alone'] = async (service) => {
  const { town, page } = await counter(service, service.open, desk);
  await page.keyboard.type('30000');
  await page.getByRole('button', { name: 'Tiền mặt', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Ghi 30.000 đ tiền mặt' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  const { payment } = await ask(page, town, service, 45000);
  await town.payos.notify(transfer(town, payment, 45000));
  await sees(page, 'Đủ 45.000 đ', { within: 2000 });
  await page.goto(`${service.url}/vendor/day-book`);
  await sees(page, '75.000 đ', { where: '.day-sum' });
};

tests['before selling: the code that hangs there is checked, the sign is printed with a code for foreign visitors'] = async (service) => {
  const { town, page } = await counter(service, service.open);
  const { seller, payment } = await ask(page, town, service, 45000);
  const neighbour = await counter(service, service.open);
  const { payment: theirs } = await ask(neighbour.page, neighbour.town, service, 20000);
  await page.goto(`${service.url}/vendor/sign`);
  const check = async (payload) => {
    await page.getByLabel('Dán nội dung mã').fill(payload);
    await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
  };
  await check(payment.qr.payload);
  await sees(page, 'Đúng tài khoản, nhưng đừng treo mã này', { where: '.sign-answers' });
  await sees(page, 'Mã ghi sẵn 45.000 đ', { where: '.sign-answers' });
  await accessible(page, 'an order\'s code');
  await check(theirs.qr.payload);
  await sees(page, `Sạp 12 · Bà Thế, ${neighbour.town.market.name}`, { where: '.sign-answers' });
  await check('https://example.com/');
  await sees(page, 'Mã này không nhận được tiền', { where: '.sign-answers' });

  const printed = async () => {
    const href = await page.getByRole('link', { name: 'In khổ A5' }).getAttribute('href');
    return page.evaluate(async (path) => { const answer = await fetch(path); return { type: answer.headers.get('Content-Type'), size: (await answer.blob()).size }; }, href);
  };
  const one = await printed();
  equal(one.type, 'application/pdf', 'the sign');
  await town.admin.post(`/v1/stalls/${town.stall.id}/merchant-contracts`, { acquirer_bin: '970415', merchant_id: `M${town.mark}`, mcc: '5411', name: 'Bà Thế', city: 'Hạ Long' });
  truth((await printed()).size > one.size, 'the sign carries a second code');
  equal((await seller.get(`/v1/stalls/${town.stall.id}`)).merchant_contracts[0].in_force, true, 'the contract is in force');
};
