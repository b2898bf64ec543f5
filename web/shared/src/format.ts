// How money and time are written for people: whole đồng with points, market time everywhere.
import { serverNow } from './api/clock';

const zone = 'Asia/Ho_Chi_Minh';
const digits = new Intl.NumberFormat('vi-VN');
const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

export interface MoneyLike { amount: number }

// 45000 → "45.000 đ", with a space that does not break.
export const money = (value: MoneyLike | number): string => `${digits.format(typeof value === 'number' ? value : value.amount)}\u00a0đ`;
export const signedMoney = (value: MoneyLike): string => (value.amount > 0 ? `+${money(value)}` : value.amount < 0 ? `−${money(-value.amount)}` : money(0));
export const plainNumber = (value: number): string => digits.format(value);

function fields(instant: string | Date): Record<string, string> {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  return Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value === '24' && part.type === 'hour' ? '00' : part.value]));
}

// "10:42"
export const clock = (instant: string): string => { const f = fields(instant); return `${f['hour']}:${f['minute']}`; };
// "10:42:07"
export const clockSeconds = (instant: string): string => `${clock(instant)}:${fields(instant)['second']}`;
// "22/11/2026 10:15"
export const dateTime = (instant: string): string => { const f = fields(instant); return `${f['day']}/${f['month']}/${f['year']} ${f['hour']}:${f['minute']}`; };
// "2026-11-22" → "22/11/2026"
export const day = (iso: string): string => iso.split('-').reverse().join('/');
export const dayOf = (instant: string): string => { const f = fields(instant); return `${f['year']}-${f['month']}-${f['day']}`; };
export const today = (): string => dayOf(serverNow().toISOString());
export const hourOf = (instant: string): number => Number(fields(instant)['hour']);
export const weekday = (iso: string): number => new Date(`${iso}T12:00:00Z`).getUTCDay();

export function addDays(iso: string, days: number): string {
  const date = new Date(`${iso}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

// 125 → "2:05"
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

// 150 basis points → "1,5 %"
export const percent = (basisPoints: number): string => `${new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 2 }).format(basisPoints / 100)} %`;

// The quarters before today's, newest first: 2026-Q3, 2026-Q2, …
export function quarters(count: number): string[] {
  const [year, month] = today().split('-').map(Number) as [number, number];
  let quarter = Math.floor((month - 1) / 3) + 1;
  let of = year;
  const found: string[] = [];
  for (let i = 0; i <= count; i += 1) {
    found.push(`${of}-Q${quarter}`);
    quarter -= 1;
    if (quarter === 0) { quarter = 4; of -= 1; }
  }
  return found;
}
