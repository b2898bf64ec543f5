import { fileURLToPath } from 'node:url';
import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, fits, pressable, sees } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

const code = (bin, account, amount = '') => `00020101021138540010A00000072701240006${bin}01${String(account.length).padStart(2, '0')}${account}0208QRIBFTTA5303704${amount}5802VN6304ABCD`;
const own = code('970436', '1017595600');

async function page_(open, url, options = {}, prepare = async () => undefined) {
  const page = await open(null, options);
  await prepare(page);
  await page.goto(`${url}/vendor/`);
  await signIn(page, mockPeople.vendor);
  await page.waitForSelector('.keypad');
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await page.getByRole('link', { name: 'Mở hàng: kiểm tra mã' }).click();
  await sees(page, 'Trước khi bán, quét mã đang treo ở Sạp 12 · Bà Thế');
  return page;
}

async function paste(page, text) {
  await page.getByLabel('Dán nội dung mã').fill(text);
  await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
}

const answers = {
  'its own': [own, ['Đúng mã của sạp', 'Vietcombank •••• 5600', 'Cứ treo mã này']],
  'its own, with an amount': [code('970436', '1017595600', '540545000'), ['Đúng tài khoản, nhưng đừng treo mã này', 'Mã ghi sẵn 45.000 đ', 'CQ7K2M4XJ', 'Gỡ mã này xuống ngay']],
  "the neighbour's": [code('970422', '0123456789'), ['Mã của sạp khác', 'Sạp 14 · Cá tươi Cô Lan, Chợ Hạ Long I', 'Đưa lại cho sạp ấy']],
  "a stranger's": [code('970422', '9998887776'), ['Không phải mã của sạp!', 'Tiền sẽ vào MBBank •••• 7776', 'Gỡ mã này xuống ngay', 'Gọi ban quản lý chợ']],
  'no payment code': ['https://example.com', ['Mã này không nhận được tiền', 'Gỡ mã này xuống ngay', 'Gọi ban quản lý chợ']],
  'half a payment code': ['00020101021138540010A000', ['Mã bị rách, mờ hoặc chụp thiếu', 'Quét lại', 'Vẫn không được thì gỡ mã này xuống']],
};

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  for (const [what, [payload, words]] of Object.entries(answers)) {
    tests[`a pasted code that is ${what} (${name})`] = async ({ url, open }) => {
      const page = await page_(open, url, { size });
      await paste(page, payload);
      for (const text of words) await sees(page, text, { where: '.sign-answers' });
      await accessible(page, what);
      await pressable(page, what);
    };
  }
}

// What Android's Chrome brings, played: it sees in a picture what the test tells it.
const reader = (codes) => async (page) => {
  await page.addInitScript((seen) => {
    window.BarcodeDetector = class {
      static async getSupportedFormats() { return ['qr_code']; }
      async detect() { return seen.map((rawValue) => ({ rawValue })); }
    };
  }, codes);
};
const picture = { name: 'sign.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };

tests['a photo of a sign with two codes: each is answered'] = async ({ url, open }) => {
  const page = await page_(open, url, {}, reader([own, code('970422', '9998887776')]));
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(picture);
  await sees(page, 'Đúng mã của sạp', { where: '.sign-answers' });
  await sees(page, 'Không phải mã của sạp!', { where: '.sign-answers' });
  equal(await page.locator('.sign-answer').count(), 2, 'answers');
  await accessible(page, 'two answers');
  await pressable(page, 'two answers');
};

// Chromium on a desk brings no reader of codes, like an iPhone: ours is fetched, and reads a real photo of a printed sign.
tests['a photo is read where the browser cannot: both codes of a printed sign'] = async ({ url, open }) => {
  const page = await page_(open, url);
  const fetched = [];
  page.on('response', (response) => { if (response.url().endsWith('.wasm')) fetched.push(response.status()); });
  equal(await page.evaluate(() => 'BarcodeDetector' in window), false, 'a reader of its own');
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(fileURLToPath(new URL('../support/pictures/sign.png', import.meta.url)));
  await sees(page, 'Đúng mã của sạp', { where: '.sign-answers' });
  equal(await page.locator('.sign-answer').count(), 2, 'answers');
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(picture);
  await sees(page, 'Không thấy mã trong ảnh');
  equal(fetched.join(), '200', 'fetched once');
};

tests['what reads codes cannot be fetched: said, and the next try reads'] = async ({ url, open }) => {
  const page = await page_(open, url);
  await page.route('**/*.wasm', (route) => route.abort());
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(fileURLToPath(new URL('../support/pictures/sign.png', import.meta.url)));
  await sees(page, 'Chưa tải được phần đọc mã');
  await accessible(page, 'no reader');
  await page.unroute('**/*.wasm');
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(fileURLToPath(new URL('../support/pictures/sign.png', import.meta.url)));
  await sees(page, 'Đúng mã của sạp', { where: '.sign-answers' });
};

tests['a photo without a code, and a camera that does not open, are said'] = async ({ url, open }) => {
  const page = await page_(open, url, {}, reader([]));
  await page.getByLabel('Chọn ảnh chụp mã').setInputFiles(picture);
  await sees(page, 'Không thấy mã trong ảnh');
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).click();
  await sees(page, 'Không mở được máy ảnh');
  await accessible(page, 'no camera');
};

tests['the camera finds the code and is let go'] = async ({ url, open }) => {
  const page = await page_(open, url, {}, async (fresh) => {
    await reader([own])(fresh);
    // A camera that shows a canvas.
    await fresh.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 1, 1);
        window.lent = canvas.captureStream(5);
        return window.lent;
      };
    });
  });
  await page.getByRole('button', { name: 'Quét bằng máy ảnh' }).click();
  await sees(page, 'Đúng mã của sạp', { where: '.sign-answers' });
  equal(await page.evaluate(() => window.lent.getTracks().every((track) => track.readyState === 'ended')), true, 'the camera is off');
};

tests['the sign to print is a link away, in both sizes'] = async ({ url, open, world }) => {
  const page = await page_(open, url);
  const stall = world.market.stalls[0].id;
  for (const size of ['A5', 'A6']) equal(await page.getByRole('link', { name: `In khổ ${size}` }).getAttribute('href'), `/v1/stalls/${stall}/sign.pdf?size=${size}`, size);
};

tests['in the sun and in large text, at 320 px, in English; and when the service fails'] = async ({ url, open, control }) => {
  const page = await page_(open, url, { size: { width: 320, height: 568 } });
  await page.getByRole('button', { name: 'Ngoài nắng' }).click();
  await page.getByRole('button', { name: 'Chữ to' }).click();
  await paste(page, code('970422', '9998887776'));
  await sees(page, 'Không phải mã của sạp!', { where: '.sign-answers' });
  await accessible(page, 'in the sun');
  await fits(page, 'in the sun');
  await control('fault', { path: 'sign-checks', status: 503, title: 'Máy chủ đang bận' });
  await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
  await sees(page, 'Máy chủ đang bận');
  await control('heal');
  await page.getByRole('button', { name: 'Mục lục' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Close' }).click();
  await sees(page, 'Check the code on show');
  await accessible(page, 'in English');
};
