import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, spaced, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};
const period = '2026-Q3';

async function bench(open, url, where = '/tax', options = {}) {
  const page = await open(`${url}/console${where}`, options);
  await signIn(page, mockPeople.tax_officer);
  return page;
}

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`list of differences: tiers, search, more rows, nothing found (${name})`] = async ({ url, open }) => {
    const page = await bench(open, url, `/tax?period=${period}`, { size });
    await sees(page, 'Hộ kinh doanh Phạm Thị Lan');
    await sees(page, '−42.340.000 đ');
    await accessible(page, 'list');
    await pressable(page, 'list');
    await sees(page, '1–50 · còn nữa');
    await page.getByRole('button', { name: 'Xem thêm' }).click();
    await sees(page, '1–66 · hết danh sách');
    await page.getByRole('button', { name: 'Lệch', exact: true }).click();
    await sees(page, '1–1 · hết danh sách');
    await page.getByRole('button', { name: 'Tất cả' }).click();
    await page.getByLabel('Tìm hộ').fill('nguyen thi the');
    await sees(page, '1–1 · hết danh sách');
    await sees(page, 'Nguyễn Thị Thế');
    await page.getByLabel('Tìm hộ').fill('không có ai');
    await sees(page, 'Không hộ nào hợp với bộ lọc này.');
    await accessible(page, 'nothing found');
    await page.getByRole('button', { name: 'Bỏ bộ lọc' }).click();
    await sees(page, '1–66 · hết danh sách');
  };

  tests[`a return is drafted, signed, sent; 843, then 844, beside the figures (${name})`] = async ({ url, open }) => {
    const page = await bench(open, url, `/tax?period=${period}&tier=not_filed`, { size });
    await page.getByRole('row', { name: /Nguyễn Thị Thế/ }).click();
    await sees(page, 'Phải nộp tờ khai kỳ này');
    await sees(page, 'chưa khai');
    await accessible(page, 'before filing');
    await page.getByRole('button', { name: 'Lập tờ khai' }).click();
    await sees(page, 'Bằng');
    await sees(page, '11.100.000 đ');
    await accessible(page, 'draft');
    await pressable(page, 'draft');
    await page.getByRole('button', { name: 'Ký và nộp', exact: true }).click();
    await accessible(page, 'question before submitting');
    await page.getByRole('button', { name: 'Ký và nộp, thuế phải nộp 11.100.000 đ' }).click();
    await sees(page, 'Tờ khai đang trên đường');
    await sees(page, '843', { where: '.notices' });
    await sees(page, 'Đã nhận chưa phải là chấp nhận.');
    await accessible(page, 'received');
    await sees(page, '844', { where: '.notices' });
    await sees(page, 'Cơ quan thuế đã chấp nhận');
    await accessible(page, 'accepted');
  };

  tests[`one household on one time line (${name})`] = async ({ url, open, world }) => {
    const page = await bench(open, url, `/tax/households/${world.tax.households[2].id}`, { size });
    await sees(page, 'Dòng thời gian');
    await sees(page, 'Doanh thu trong năm vượt mức phải khai');
    await sees(page, 'Mỗi lần mở trang này đều được ghi lại.');
    await accessible(page, 'time line');
    const stall = world.tax.households[2].stalls[0];
    equal(await page.getByRole('link', { name: `In bảng mã sạp ${stall.number}` }).getAttribute('href'), `/v1/stalls/${stall.id}/sign.pdf`, 'the sign of its stall');
    await page.getByRole('link', { name: /Quý 3\/2026/ }).click();
    await sees(page, '−42.340.000 đ');
    await accessible(page, 'a pair that differs');
  };
}

tests['a refused return shows the reason'] = async ({ url, open, world }) => {
  const page = await bench(open, url, `/tax/households/${world.tax.households[5].id}/${period}`, { size: desk });
  await sees(page, 'Cơ quan thuế không chấp nhận');
  await sees(page, 'Chọn lại cơ quan thuế rồi nộp lại');
  await accessible(page, 'refused');
};

tests['below the threshold: no return is due, and asking for one is refused in words'] = async ({ url, open, world }) => {
  const page = await bench(open, url, `/tax/households/${world.tax.households[3].id}/${period}`, { size: desk });
  await sees(page, 'Chưa phải khai kỳ này');
  await page.getByRole('button', { name: 'Lập tờ khai' }).click();
  await sees(page, 'Chưa có gì được ghi. Hộ này không phải nộp tờ khai kỳ này');
  await accessible(page, 'nothing to file');
};

tests['keys alone: search, walk, open, back, help'] = async ({ url, open }) => {
  const page = await bench(open, url, `/tax?period=${period}`, { size: desk });
  await sees(page, 'Hộ kinh doanh Phạm Thị Lan');
  await page.keyboard.press('/');
  equal(await page.evaluate(() => document.activeElement.tagName), 'INPUT', 'search has the focus');
  await page.keyboard.type('the');
  await sees(page, '1–1 · hết danh sách');  // before the rows are new, one of them would lose the focus again
  await sees(page, 'Nguyễn Thị Thế');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('j');
  truth(await page.evaluate(() => document.activeElement.getAttribute('role') === 'row'), 'a row has the focus');
  await page.keyboard.press('Enter');
  await sees(page, 'Sổ cái và tờ khai');
  await page.keyboard.press('Escape');
  await sees(page, 'Danh sách lệch', { where: 'h1' });
  await page.keyboard.press('?');
  await sees(page, 'Phím tắt', { where: '[role=dialog]' });
  await accessible(page, 'help');
};

tests['loading and failing list'] = async ({ url, open, control }) => {
  await control('fault', { path: 'tax/households', delay: 1500 });
  const page = await bench(open, url, `/tax?period=${period}`, { size: desk });
  await page.waitForSelector('.bone');
  await accessible(page, 'loading');
  await control('heal');
  await control('fault', { path: 'tax/households', status: 503, title: 'Sổ cái đang bận' });
  await page.reload();
  await sees(page, 'Sổ cái đang bận', { within: 15_000 });
  await accessible(page, 'failing');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await sees(page, '1–50 · còn nữa');
};

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`in English, large text (${name})`] = async ({ url, open, world }) => {
    const household = world.tax.households[2].id;
    const page = await bench(open, url, `/tax/households/${household}/${period}`, { size });
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Large text' }).click();
    await sees(page, 'Ledger and return');
    await accessible(page, 'pair: English, large');
    await page.goto(`${url}/console/tax/households/${household}`);
    await sees(page, 'Q3 2026');
    await accessible(page, 'household: English, large');
    await page.goto(`${url}/console/tax?period=${period}`);
    await sees(page, 'Hộ kinh doanh Phạm Thị Lan');
    await accessible(page, 'list: English, large');
  };
}

tests['what has only a day shows no time of day'] = async ({ url, open, world }) => {
  const page = await bench(open, url, `/tax/households/${world.tax.households[2].id}/${period}`, { size: phone });
  await sees(page, 'Ban hành', { where: '.notices' });
  const issued = spaced(await page.locator('.tax-notice dd').first().innerText());
  truth(/^\d{2}\/\d{2}\/\d{4}$/.test(issued), `the day of issue alone, not ${issued}`);
  await page.goto(`${url}/console/tax/households/${world.tax.households[2].id}`);
  await sees(page, '30/09/2026 Doanh thu tháng 9');
};

tests['the file of the return comes down as it was signed'] = async ({ url, open, world }) => {
  const page = await bench(open, url, `/tax/households/${world.tax.households[2].id}/${period}`, { size: desk });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Tải tệp XML' }).click()]);
  truth(spaced(download.suggestedFilename()).endsWith('2026-Q3.xml'), 'name of the file');
};
