// Sizes that a cheap phone on a slow line can bear (docs: screens, budgets). Kilobytes of gzip; fonts as they are.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist');
const budgets = { vendor: { js: 140, css: 15, fonts: 66 }, console: { js: 250, css: 25, fonts: 66 } };

// Everything the first page loads: the entry and what it imports. Parts that come later by import() count as lazy.
function first(app) {
  const manifest = JSON.parse(readFileSync(path.join(dist, app, 'manifest.json'), 'utf8'));
  const seen = new Set();
  const styles = new Set();
  const visit = (key) => {
    const entry = manifest[key];
    if (!entry || seen.has(entry.file)) return;
    seen.add(entry.file);
    (entry.css ?? []).forEach((file) => styles.add(file));
    (entry.imports ?? []).forEach(visit);
  };
  Object.keys(manifest).filter((key) => manifest[key].isEntry).forEach(visit);
  return { js: [...seen].filter((file) => file.endsWith('.js')), css: [...styles] };
}

export function checkBudgets() {
  let good = true;
  for (const [app, budget] of Object.entries(budgets)) {
    const parts = first(app);
    const packed = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(dist, app, name)), { level: 9 }).length, 0);
    const fonts = readdirSync(path.join(dist, app, 'assets')).filter((name) => name.endsWith('.woff2'))
      .reduce((sum, name) => sum + readFileSync(path.join(dist, app, 'assets', name)).length, 0);
    const sizes = { js: packed(parts.js), css: packed(parts.css), fonts };
    for (const [kind, limit] of Object.entries(budget)) {
      const holds = sizes[kind] <= limit * 1024;
      good &&= holds;
      console.log(`${holds ? 'ok  ' : 'OVER'} ${app.padEnd(8)} ${kind.padEnd(6)} ${(sizes[kind] / 1024).toFixed(1).padStart(6)} kB of ${limit}`);
    }
  }
  return good;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(checkBudgets() ? 0 : 1);
