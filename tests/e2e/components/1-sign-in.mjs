import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};
for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`an empty form says what is missing and takes the focus there (${name})`] = async ({ url, open }) => {
    const page = await open(`${url}/vendor/`, { size });
    await page.waitForSelector('#login');
    await accessible(page, 'empty form');
    await pressable(page, 'sign-in');
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await sees(page, 'Có chỗ cần sửa');
    await accessible(page, 'form with errors');
    truth(await page.evaluate(() => document.activeElement.classList.contains('summary')), 'the summary has the focus');
    await page.getByRole('link', { name: 'Nhập mật khẩu' }).click();
    equal(await page.evaluate(() => document.activeElement.id), 'password', 'the link leads to the field');
  };
}

tests['a wrong password is refused in words, the right one opens the counter'] = async ({ url, open }) => {
  const page = await open(`${url}/vendor/`);
  await page.fill('#login', 'bathe');
  await page.fill('#password', 'sai');
  await page.keyboard.press('Enter');
  await sees(page, 'Tên đăng nhập hoặc mật khẩu không đúng');
  await sees(page, 'Mã để hỏi bàn hỗ trợ: req_');
  await accessible(page, 'refused');
  await signIn(page, mockPeople.vendor);
  await sees(page, 'Sạp 12 · Bà Thế');
};

tests['both languages, and the page remembers'] = async ({ url, open }) => {
  const page = await open(`${url}/console/`);
  await page.getByRole('button', { name: 'English' }).click();
  await sees(page, 'User name or phone number');
  equal(await page.evaluate(() => document.documentElement.lang), 'en', 'lang of the page');
  await accessible(page, 'English');
  await page.reload();
  await sees(page, 'User name or phone number');
};

tests['without the server the page says so and offers to try again'] = async ({ url, open, control }) => {
  await control('fault', { path: '/v1/me', status: 503, title: 'Đang bảo trì' });
  const page = await open(`${url}/vendor/`);
  await sees(page, 'Đang bảo trì', { within: 15_000 });
  await accessible(page, 'server away');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.waitForSelector('#login');
};

tests['signing out forgets the person'] = async ({ url, open }) => {
  const page = await open(`${url}/vendor/`);
  await signIn(page, mockPeople.vendor);
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  await page.waitForSelector('#login');
  equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('cho40.kept')).length), 0, 'things kept');
};

tests['a person without a stall is told what to do'] = async ({ url, open }) => {
  const page = await open(`${url}/vendor/`);
  await signIn(page, mockPeople.stranger);
  await sees(page, 'Bạn chưa được gắn với sạp nào');
  await accessible(page, 'no stall');
};
