import { randomBytes } from 'node:crypto';

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
export const id = (prefix) => `${prefix}_${[...randomBytes(26)].map((byte, index) => (index === 0 ? letters[byte % 8] : letters[byte % 32])).join('')}`;

const code = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const orderCode = () => `CQ${[...randomBytes(7)].map((byte) => code[byte % code.length]).join('')}`;
export const payCode = () => [...randomBytes(12)].map((byte) => code[byte % code.length]).join('');

export const vnd = (amount) => ({ amount, currency: 'VND' });
export const now = () => new Date().toISOString();
export const state = (name, finished, extra = {}) => ({ name, finished, since: now(), reason: null, ...extra });
export const marketDay = (instant = new Date()) => new Date(new Date(instant).getTime() + 7 * 3600_000).toISOString().slice(0, 10);
export const marketHour = (instant) => new Date(new Date(instant).getTime() + 7 * 3600_000).getUTCHours();
