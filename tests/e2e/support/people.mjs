// Who signs in. CHO40_SIGN_INS holds {"vendor": {"login", "password"}, "tax_officer": …, "agency": …, "operator": …}, or
// names a file that does.
import { existsSync, readFileSync } from 'node:fs';

export function signIns() {
  const given = process.env.CHO40_SIGN_INS;
  if (!given) return null;
  return JSON.parse(existsSync(given) ? readFileSync(given, 'utf8') : given);
}

export async function signIn(page, { login, password }) {
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.waitForSelector('#login', { state: 'detached' });
}

export const mockPeople = {
  vendor: { login: 'bathe', password: 'matkhau-cho40' }, fresh: { login: 'moi', password: 'matkhau-cho40' }, stranger: { login: 'khong', password: 'matkhau-cho40' },
  tax_officer: { login: 'thue', password: 'matkhau-cho40' }, agency: { login: 'thungan', password: 'matkhau-cho40' },
  operator: { login: 'vanhanh', password: 'matkhau-cho40' }, second: { login: 'kiemsoat', password: 'matkhau-cho40' }, agencies: { login: 'haiphong', password: 'matkhau-cho40' },
  board: { login: 'banquanly', password: 'matkhau-cho40' },
};
