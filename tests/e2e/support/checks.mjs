// What every page owes, in every state.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function equal(have, want, what) {
  if (have !== want) throw new Error(`${what}: expected ${JSON.stringify(want)}, have ${JSON.stringify(have)}`);
}

export function truth(value, what) {
  if (!value) throw new Error(`not so: ${what}`);
}

// No finding of axe at all, and nothing wider than the screen. A page that waits goes on by itself when news come; then the
// next one is looked at.
export async function accessible(page, where) {
  for (let left = 3; ; left -= 1) {
    try {
      return await looked(page, where);
    } catch (error) {
      if (left === 1 || !/context was destroyed/.test(error.message)) throw error;
      await page.waitForLoadState();
    }
  }
}

async function looked(page, where) {
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
    return violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 140)}  ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`).join('\n    ')}`);
  });
  if (found.length) throw new Error(`${where}: axe finds\n  ${found.join('\n  ')}`);
  await fits(page, where);
}

// Nothing sticks out, and no box scrolls sideways to hide what it holds.
export async function fits(page, where) {
  const wide = await page.evaluate(() => (document.documentElement.scrollWidth > window.innerWidth + 1
    ? [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 4).map((one) => `${one.tagName.toLowerCase()}.${one.className}`) : []));
  if (wide.length) throw new Error(`${where}: wider than the screen: ${wide.join(', ')}`);
  const hiding = await page.evaluate(() => [...document.querySelectorAll('body *')]
    .filter((one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1)
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`));
  if (hiding.length) throw new Error(`${where}: scrolls sideways: ${hiding.join(', ')}`);
}

// Things to press are at least 48 px, in both directions where they stand alone.
export async function pressable(page, where, least = 48) {
  const small = await page.evaluate((size) => {
    // Buttons for readers of screens alone lie in a box of one pixel.
    const forReaders = (one) => { for (let up = one.parentElement; up; up = up.parentElement) if (up.clientWidth <= 1 && getComputedStyle(up).overflow === 'hidden') return true; return false; };
    return [...document.querySelectorAll('button, .button, .line, [role=option], input:not([type=radio]):not([type=checkbox]), select')]
    .filter((one) => one.checkVisibility({ opacityProperty: true }) && !one.closest('.visually-hidden') && !forReaders(one) && one.getBoundingClientRect().height > 1)
    .filter((one) => { const box = one.getBoundingClientRect(); return box.height < size - 0.5 || box.width < size - 0.5; })
    .map((one) => `${one.className || one.tagName} "${one.textContent.trim().slice(0, 24)}" ${Math.round(one.getBoundingClientRect().width)}x${Math.round(one.getBoundingClientRect().height)}`);
  }, least);
  if (small.length) throw new Error(`${where}: smaller than ${least} px: ${small.join('; ')}`);
}

// Waits for a text to stand on the page, exactly as people read it (no-break spaces are spaces).
export async function sees(page, text, { within = 10_000, where = 'body' } = {}) {
  const want = text.normalize('NFC');
  try {
    await page.waitForFunction(([selector, words]) => document.querySelector(selector)?.innerText.normalize('NFC').replace(/[\u00a0\s]+/g, ' ').includes(words), [where, want.replace(/\s+/g, ' ')], { timeout: within, polling: 50 });
  } catch {
    const have = (await page.locator(where).first().innerText().catch(() => '')).replace(/[\u00a0\s]+/g, ' ');
    throw new Error(`"${text}" does not stand on ${page.url()}; there is: ${have.slice(0, 600)}`);
  }
}

export const spaced = (text) => text.replace(/\u00a0/g, ' ');
