import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

async function desktop(open, url, where, options = {}) {
  const page = await open(`${url}/console${where}`, options);
  await signIn(page, mockPeople.agency);
  return page;
}

async function choose(page, words) {
  await page.getByLabel(/^(Chọn|Thêm) loại phí$/).fill(words);
  await page.locator('.fee-option').first().click();
}

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`a notice is made, handed over, paid: two ticks and a receipt (${name})`] = async ({ url, open, control, world }) => {
    const page = await desktop(open, url, '/fees', { size });
    await sees(page, 'Chưa có thông báo');
    await accessible(page, 'no notice yet');
    await page.getByRole('link', { name: 'Lập thông báo' }).last().click();
    await page.getByLabel('Mã hồ sơ').fill('H49.14-261123-0007');
    await page.getByLabel('Người nộp').fill('Nguyễn Văn An');
    await page.getByLabel('Chọn loại phí').fill('ho chieu');
    await page.waitForSelector('.fee-option');
    await accessible(page, 'choosing a fee');
    await page.locator('.fee-option').first().click();
    await sees(page, '100.000 đ', { where: '.preview' });
    await page.getByLabel('Công dân số').check();
    await sees(page, 'Không dùng: Giảm còn 50 %', { where: '.preview' });
    await page.getByLabel('Công dân số').uncheck();
    await choose(page, 'chung thuc');
    await page.getByLabel('Số trang bản gốc').fill('5');
    await page.getByLabel('Số lượng').fill('3');
    await sees(page, '121.000 đ', { where: '.preview' });
    await accessible(page, 'form');
    await pressable(page, 'form');
    await page.getByRole('button', { name: 'Lập thông báo 121.000 đ' }).click();
    await sees(page, 'Đưa cho người nộp');
    await sees(page, 'Chưa nhận tiền');
    await accessible(page, 'notice');
    equal(world.fees.notices.size, 1, 'notices');
    await control('pay-notice', { notice: /ntc_[0-9a-z]+/.exec(page.url())[0] });
    await sees(page, 'Đã nhận tiền');
    await sees(page, 'Đã ghi vào hồ sơ');
    await sees(page, '26TAA số 00000001');
    await accessible(page, 'paid notice');
    await page.getByRole('link', { name: 'Thông báo nộp phí' }).first().click();
    await sees(page, 'Nguyễn Văn An');
    await accessible(page, 'list');
    await pressable(page, 'list');
  };
}

tests['an empty form says what is missing'] = async ({ url, open }) => {
  const page = await desktop(open, url, '/fees/new', { size: desk });
  await page.getByRole('button', { name: 'Lập thông báo' }).click();
  await sees(page, 'Nhập mã hồ sơ', { where: '.summary' });
  await accessible(page, 'form with errors');
  truth(await page.evaluate(() => document.activeElement.classList.contains('summary')), 'the summary has the focus');
};

tests['a fee without a known amount cannot be collected'] = async ({ url, open }) => {
  const page = await desktop(open, url, '/fees/new', { size: desk });
  await choose(page, 'xay dung');
  await sees(page, 'Chưa rõ mức thu', { where: '.preview' });
  await sees(page, 'Chưa thể thu');
  await accessible(page, 'unknown amount');
  truth(await page.getByRole('button', { name: 'Lập thông báo' }).isDisabled(), 'the button is off');
};

tests['the server refuses: its words stand on top, the same notice is not made twice'] = async ({ url, open, control, world }) => {
  const page = await desktop(open, url, '/fees/new', { size: desk });
  await page.getByLabel('Mã hồ sơ').fill('H49.14-261123-0007');
  await page.getByLabel('Người nộp').fill('Nguyễn Văn An');
  await choose(page, 'ho chieu');
  await sees(page, '100.000 đ', { where: '.preview' });
  await control('fault', { path: 'fee-notices', method: 'POST', status: 503, title: 'Sổ phí đang bận' });
  await page.getByRole('button', { name: /^Lập thông báo/ }).click();
  await sees(page, 'Sổ phí đang bận');
  await accessible(page, 'refused');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await sees(page, 'Đưa cho người nộp');
  equal(world.fees.notices.size, 1, 'notices');
};

tests['an operator acts for no agency: the first page asks for no notices'] = async ({ url, open }) => {
  const page = await open(`${url}/console/`);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await signIn(page, mockPeople.operator);
  await page.waitForSelector('h1');
  await sees(page, 'Hộ kinh doanh');
  equal(asked.filter((path) => path.startsWith('/v1/fee')).length, 0, 'requests about fees');
  equal(await page.getByRole('link', { name: 'Lập thông báo' }).count(), 0, 'links to a new notice');
};

tests['who acts for two agencies chooses whose notices are shown'] = async ({ url, open }) => {
  const page = await open(`${url}/console/fees`);
  await signIn(page, mockPeople.agencies);
  await sees(page, 'Chưa có thông báo');
  const next = page.waitForRequest((request) => request.url().includes('/v1/fee-notices'));
  await page.getByRole('combobox').selectOption({ label: 'Sở Tư pháp' });
  truth(new URL((await next).url()).searchParams.get('agency'), 'the agency is asked for');
  await accessible(page, 'two agencies');
};

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`a fee collected wrongly is given back: asked for by line, sent, told on the receipt (${name})`] = async ({ url, open, control, world }) => {
    const made = world.fees.create({ agency: world.fees.agency.id, dossier: { code: 'H49.14-261123-0011', procedure_code: '1.001456', applicant_name: 'Lê Thị Hoa' }, channel: 'counter', persona: [], due_date: '2026-12-31', lines: [{ fee_code: 'PP_NEW' }, { fee_code: 'CRIM_REC' }] });
    const page = await desktop(open, url, `/fees/${made.id}`, { size });
    await sees(page, 'Chưa nhận tiền');
    equal(await page.getByRole('button', { name: 'Hoàn phí, lệ phí' }).count(), 0, 'a way to give back what did not come');
    await control('pay-notice', { notice: made.id });
    await page.getByRole('button', { name: 'Hoàn phí, lệ phí' }).click();
    await sees(page, 'Nhiều nhất 200.000 đ', { where: '[role=dialog]' });
    await accessible(page, 'which lines');
    await pressable(page, 'which lines');
    await page.getByRole('button', { name: 'Hoàn 0 đ' }).click();
    await sees(page, 'Ghi số tiền hoàn ở ít nhất một dòng.', { where: '[role=dialog]' });
    await sees(page, 'Ghi rõ vì sao hoàn', { where: '[role=dialog]' });
    await accessible(page, 'nothing entered');
    const line = page.getByRole('dialog').getByLabel(/^Cấp Phiếu lý lịch tư pháp/);
    await line.fill('200001');
    await sees(page, 'Quá mức: nhiều nhất 200.000 đ', { where: '[role=dialog]' });
    await line.fill('200000');
    await page.getByRole('dialog').getByLabel('Lý do').selectOption({ label: 'Không đủ điều kiện' });
    await page.getByRole('dialog').getByLabel('Nói rõ vì sao hoàn').fill('Hồ sơ đã rút');
    await page.getByRole('button', { name: 'Hoàn 200.000 đ' }).click();
    await page.waitForSelector('[role=dialog]', { state: 'detached' });
    await sees(page, 'Phải chuyển');
    await sees(page, 'Còn được hoàn 100.000 đ.');
    await page.waitForFunction(() => document.querySelector('.refund-qr')?.naturalWidth > 0);
    await accessible(page, 'to be sent');
    await pressable(page, 'to be sent');
    const [refund] = world.refunds.of(made.id);
    equal(refund.lines.map((one) => one.amount.amount).join(), '200000', 'of one line only');
    await page.getByRole('button', { name: 'Tôi đã chuyển rồi' }).click();
    await page.getByRole('dialog').getByLabel('Mã giao dịch').fill('FT26328000001');
    await page.getByRole('dialog').getByLabel('Bạn thấy ở đâu').fill('Sao kê kho bạc');
    await page.getByRole('dialog').getByRole('button', { name: 'Tôi đã chuyển rồi' }).click();
    await sees(page, 'Đã hoàn 200.000 đ.');
    await accessible(page, 'given back');
  };
}
