// The whole build: types, type check, both apps, compressed siblings, budgets.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { writeTypes } from './types.mjs';
import { checkBudgets } from './budget.mjs';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

await writeTypes();
for (const workspace of ['shared', 'vendor', 'console']) {
  const done = spawnSync(path.join(web, 'node_modules/.bin/tsc'), ['-p', workspace], { cwd: web, stdio: 'inherit' });
  if (done.status !== 0) process.exit(1);
}
for (const name of ['vendor', 'console']) await build({ configFile: path.join(web, name, 'vite.config.mjs'), logLevel: 'warn' });

function* files(folder) {
  for (const entry of readdirSync(folder)) {
    const full = path.join(folder, entry);
    if (statSync(full).isDirectory()) yield* files(full);
    else yield full;
  }
}
for (const file of [...files(path.join(web, 'dist'))]) {
  if (!/\.(js|css|html|svg|json|wasm|webmanifest)$/.test(file)) continue;
  const bytes = readFileSync(file);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
process.exit(checkBudgets() ? 0 : 1);
