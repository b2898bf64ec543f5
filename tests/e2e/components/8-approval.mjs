// The second person: the market's board approves refunds above the limit, or does not.
import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

async function board(open, url, where = '/refunds', options = {}) {
  const page = await open(`${url}/console${where}`, options);
  await signIn(page, mockPeople.board);
  return page;
}

async function looked(page, where) {
  await accessible(page, where);
  await pressable(page, where);
}

function waits(world, amount = 6_000_000, maker = null) {
  const { market, refunds } = world;
  const made = market.createPayment({ stall: market.stalls[0].id, amount: { amount, currency: 'VND' } });
  market.credit(made.id, amount);
  const payment = market.payments.get(made.id);
  return refunds.make(payment, amount, { amount: payment.received, reason: { code: 'returned_goods', text: 'cá ươn' } }, maker ?? 'somebody');
}

const dialog = (page) => page.getByRole('dialog').last();
const row = (page, amount) => page.locator('.approve-row', { hasText: amount });

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`approval: nothing waits, then one is approved and one is not (${name})`] = async ({ url, open, world }) => {
    const page = await board(open, url, '/refunds', { size });
    await sees(page, 'Không có khoản hoàn nào chờ duyệt');
    await looked(page, 'nothing waits');
    const first = waits(world, 6_000_000);
    const second = waits(world, 7_000_000);
    await page.reload();
    await row(page, '6.000.000').waitFor();
    await sees(page, 'Sạp 12', { where: '.approve-row' });
    await sees(page, 'Khách trả hàng: cá ươn', { where: '.approve-row' });
    await looked(page, 'two wait');

    await row(page, '6.000.000').getByRole('button', { name: 'Duyệt', exact: true }).click();
    await sees(page, 'Duyệt hoàn 6.000.000 đ?', { where: '[role=dialog]' });
    await looked(page, 'approval');
    await dialog(page).getByRole('button', { name: 'Duyệt', exact: true }).click();
    await sees(page, 'Đã duyệt hoàn 6.000.000 đ', { where: '[role=status]' });
    await row(page, '6.000.000').waitFor({ state: 'detached' });
    equal(first.state.name, 'due', 'the first');
    await looked(page, 'approved');

    await row(page, '7.000.000').getByRole('button', { name: 'Không duyệt' }).click();
    await dialog(page).getByRole('button', { name: 'Không duyệt' }).click();
    await sees(page, 'Ghi lý do để người lập biết', { where: '[role=dialog]' });
    await looked(page, 'a reason is missing');
    equal(second.state.name, 'awaiting_approval', 'nothing is sent without a reason');
    await dialog(page).getByLabel('Vì sao không duyệt').fill('Chưa có hàng trả lại');
    await dialog(page).getByRole('button', { name: 'Không duyệt' }).click();
    await sees(page, 'Không duyệt hoàn 7.000.000 đ', { where: '[role=status]' });
    await sees(page, 'Không có khoản hoàn nào chờ duyệt');
    equal(second.state.name, 'rejected', 'the second');
    await looked(page, 'rejected');
  };
}

tests['approval: somebody else was faster'] = async ({ url, open, world }) => {
  const refund = waits(world);
  const page = await board(open, url, '/refunds');
  await row(page, '6.000.000').getByRole('button', { name: 'Duyệt', exact: true }).click();
  world.refunds.move(refund, 'due');
  await dialog(page).getByRole('button', { name: 'Duyệt', exact: true }).click();
  await sees(page, 'Khoản hoàn này đã khác', { where: '[role=dialog]' });
  await accessible(page, 'somebody else was faster');
  await dialog(page).getByRole('button', { name: 'Quay lại' }).click();
  await sees(page, 'Không có khoản hoàn nào chờ duyệt');
};

tests['approval: the service is away, and a lost answer is asked for again'] = async ({ url, open, control, world }) => {
  const refund = waits(world);
  await control('fault', { path: 'waiting-refunds', status: 503, code: 'unavailable', title: 'Máy chủ đang bận' });
  const page = await board(open, url, '/refunds');
  await sees(page, 'Máy chủ đang bận', { within: 12_000 });
  await accessible(page, 'the service is away');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await row(page, '6.000.000').getByRole('button', { name: 'Duyệt', exact: true }).click();
  let lost = false;
  await page.route('**/approval', async (route) => {
    if (lost) return route.continue();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  await dialog(page).getByRole('button', { name: 'Duyệt', exact: true }).click();
  await sees(page, 'máy không ghi hai lần', { where: '[role=dialog]' });
  await dialog(page).getByRole('button', { name: 'Duyệt', exact: true }).click();
  await sees(page, 'Đã duyệt hoàn 6.000.000 đ', { where: '[role=status]' });
  equal(refund.version, 2, 'one step');
};

tests['approval: whoever asked does not decide'] = async ({ url, open, world }) => {
  const page = await board(open, url, '/refunds');
  const me = await page.evaluate(async () => (await (await fetch('/v1/me')).json()).id);
  waits(world, 6_000_000, me);
  await page.reload();
  await sees(page, 'Khoản này do bạn lập, cần người khác duyệt.', { where: '.approve-row' });
  equal(await page.getByRole('button', { name: 'Duyệt', exact: true }).count(), 0, 'no act');
};

tests['approval: in English, large, at 320 px'] = async ({ url, open, world }) => {
  waits(world);
  const page = await board(open, url, '/refunds', { size: { width: 320, height: 568 } });
  await page.getByRole('button', { name: 'English' }).click();
  await page.evaluate(() => { document.documentElement.dataset.large = ''; });
  await sees(page, 'Refunds that wait for approval');
  await sees(page, 'Goods came back');
  await looked(page, 'in English');
  await page.getByRole('button', { name: 'Reject' }).click();
  await looked(page, 'rejection, in English');
};
