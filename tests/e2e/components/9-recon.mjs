import { desk, phone } from '../support/browser.mjs';
import { accessible, equal, pressable, sees, truth } from '../support/checks.mjs';
import { mockPeople, signIn } from '../support/people.mjs';

export const tests = {};

async function console_(open, url, who, where = '/recon', options = {}) {
  const page = await open(`${url}/console${where}`, options);
  await signIn(page, who);
  return page;
}

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`a day is closed by two people, and what comes later is the next version (${name})`] = async ({ url, open, control, world }) => {
    const mai = await console_(open, url, mockPeople.operator, '/recon', { size });
    await sees(mai, 'Ngày này chưa có tệp nào');
    await accessible(mai, 'no file yet');
    await control('recon-file');
    await mai.reload();
    await sees(mai, 'Có tệp nhưng chưa đối soát');
    await accessible(mai, 'not compared');
    await mai.getByRole('button', { name: 'Đối soát' }).click();
    await sees(mai, 'Đều đúng');
    await sees(mai, 'Chưa khoá');
    await accessible(mai, 'open day');
    await pressable(mai, 'open day');
    await mai.getByRole('button', { name: 'Lập phiếu khoá ngày' }).click();
    await sees(mai, 'Bạn đã lập phiếu này');
    await sees(mai, 'Đối tác có, trên sổ không có');
    await accessible(mai, 'own sheet');
    equal(await mai.getByRole('button', { name: 'Ký khoá ngày' }).count(), 0, 'buttons to sign for its maker');

    const lan = await console_(open, url, mockPeople.second, '/recon', { size });
    await sees(lan, 'Chờ ký');
    await lan.getByRole('link', { name: 'Xem và ký' }).click();
    await sees(lan, 'Phiếu đối soát ngày');
    await pressable(lan, 'sheet to sign');
    await lan.getByRole('button', { name: 'Ký khoá ngày' }).click();
    await sees(lan, 'được giữ nguyên từ đây');
    await accessible(lan, 'asking');
    await lan.getByRole('dialog').getByRole('button', { name: 'Ký khoá ngày' }).click();
    await sees(lan, 'Đã ký');
    await sees(lan, '8d1f8d1f8d1f8d1f');
    await accessible(lan, 'signed sheet');
    equal(world.recon.closings[0].decided_by.name, 'Lê Văn Lân', 'who signed');

    await control('recon-late');
    await lan.getByRole('link', { name: 'Đối soát ngày' }).first().click();
    await sees(lan, 'Đã khoá');
    await sees(lan, 'Có thay đổi sau khi ký');
    await sees(lan, '+45.000 đ');
    await accessible(lan, 'changed since');
    await lan.getByRole('button', { name: 'Lập bản điều chỉnh' }).click();
    await sees(lan, 'Điều chỉnh so với bản đã ký trước');
    await accessible(lan, 'adjustments');
    equal(world.recon.closings.length, 2, 'versions');
  };
}

tests['a sheet is sent back with a reason'] = async ({ url, open, control }) => {
  await control('recon-prepared');
  const page = await console_(open, url, mockPeople.second, '/recon', { size: desk });
  await page.getByRole('link', { name: 'Xem và ký' }).click();
  await page.getByRole('button', { name: 'Trả lại' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Trả lại' }).click();
  await sees(page, 'Hãy ghi lý do');
  await accessible(page, 'no reason');
  await dialog.getByLabel('Vì sao trả lại').fill('Chưa có sao kê ngân hàng');
  await dialog.getByRole('button', { name: 'Trả lại' }).click();
  await sees(page, 'Chưa có sao kê ngân hàng');
  await sees(page, 'Đã trả lại');
  await accessible(page, 'rejected');
};

tests['what keeps the day open is named'] = async ({ url, open, control, world }) => {
  await control('recon-file');
  await control('recon-run');
  world.recon.blocking = 'FILE_CONFLICT còn mở: hãy xử lý trước.';
  const page = await console_(open, url, mockPeople.operator, '/recon', { size: phone });
  await page.getByRole('button', { name: 'Lập phiếu khoá ngày' }).click();
  await sees(page, 'FILE_CONFLICT còn mở');
  await accessible(page, 'blocked');
  equal(world.recon.closings.length, 0, 'sheets');
};

tests['a market board reads in English, and prepares nothing'] = async ({ url, open, control }) => {
  await control('recon-file');
  await control('recon-run');
  const page = await console_(open, url, mockPeople.board, '/', { size: desk });
  await page.getByRole('button', { name: 'English' }).click();
  await sees(page, 'Reconciliation of');
  await sees(page, 'All hold');
  await accessible(page, 'English');
  equal(await page.getByRole('button', { name: 'Prepare the closing' }).count(), 0, 'buttons to prepare');
};

tests['a day that cannot be read says so and is asked for again'] = async ({ url, open, control }) => {
  await control('recon-file');
  await control('fault', { path: '/v1/recon/days', status: 503, title: 'Sổ đối soát đang bận' });
  const page = await console_(open, url, mockPeople.operator, '/recon', { size: phone });
  await sees(page, 'Sổ đối soát đang bận');
  await accessible(page, 'failed');
  await control('heal');
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await sees(page, 'Có tệp nhưng chưa đối soát');
  truth(/\/recon$/.test(page.url()), 'the address stays');
};

for (const [name, size] of [['phone', phone], ['desk', desk]]) {
  tests[`the reports of a month, and the files to take away (${name})`] = async ({ url, open, control }) => {
    const page = await console_(open, url, mockPeople.agency, '/recon/reports', { size });
    await sees(page, 'Chưa có tệp nào trong tháng');
    await sees(page, '125.000 đ');
    await sees(page, 'Chưa rõ tỷ lệ để lại');
    await accessible(page, 'no league yet');
    await control('recon-file');
    await control('recon-run');
    await page.reload();
    await sees(page, 'Cổng thanh toán A');
    await sees(page, '1,5 ngày làm việc');
    await accessible(page, 'league');
    await pressable(page, 'league');
    const addresses = await page.getByRole('link', { name: /tệp (PDF|CSV)$/ }).evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    equal(addresses.length, 6, 'files');
    truth(addresses.every((one) => /format=(pdf|csv)$/.test(one)), 'each says its form');
    const month = await page.getByLabel('Tháng').inputValue();
    truth(addresses.some((one) => one.startsWith(`/v1/recon/minutes/${month}?partner=rla_`)), 'the minutes of the month');
    await page.getByLabel('Tháng').selectOption({ index: 1 });
    await sees(page, 'Cổng thanh toán A');
    truth(/month=\d{4}-\d{2}$/.test(page.url()), 'the month stands in the address');
  };
}
