// Chromium of the system. A page that logs an error, breaks the content policy or throws is a failed test.
import path from 'node:path';
import { chromium } from 'playwright-core';

export const phone = { width: 360, height: 640 };
export const desk = { width: 1280, height: 800 };

// Refused requests are part of many tests; Chromium reports each as an error of the page.
const expected = [/Failed to load resource/, /net::ERR_INTERNET_DISCONNECTED/];

// Chromium sometimes never answers that a page in the middle of a navigation is closed or drawn. Nothing is tested by that, so
// nobody waits for it without end.
const patience = 10_000;
function atMost(work) {
  let timer;
  const enough = new Promise((resolve) => { timer = setTimeout(resolve, patience); });
  return Promise.race([work, enough]).finally(() => clearTimeout(timer));
}

export class Browsers {
  static async start(results) {
    const made = new Browsers();
    made.results = results;
    made.browser = await chromium.launch({ executablePath: process.env.CHO40_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'] });
    return made;
  }

  forTest(title) {
    const contexts = [];
    const pages = [];
    const complaints = [];
    const open = async (url, { size = phone, javaScript = true, locale = 'vi-VN' } = {}) => {
      const context = await this.browser.newContext({ viewport: size, locale, timezoneId: 'Asia/Ho_Chi_Minh', javaScriptEnabled: javaScript, ignoreHTTPSErrors: true, reducedMotion: 'reduce' });
      context.setDefaultTimeout(10_000);
      contexts.push(context);
      const page = await context.newPage();
      pages.push(page);
      page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !expected.some((pattern) => pattern.test(message.text()))) complaints.push(`console: ${message.text()}`);
      });
      if (url) await page.goto(url);
      return page;
    };
    return {
      open,
      mustBeQuiet() { if (complaints.length) throw new Error(`the page complained:\n${complaints.join('\n')}`); },
      picture: async () => {
        const name = title.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 100);
        for (const [index, page] of pages.entries()) await atMost(page.screenshot({ path: path.join(this.results, `${name}-${index}.png`), fullPage: true }).catch(() => undefined));
      },
      close: async () => { for (const context of contexts) await atMost(context.close()); },
    };
  }

  async stop() { await atMost(this.browser.close()); }
}
