// Types of the API (from the one OpenAPI document) and of the messages. Nothing of this is written by hand.
import openapiTS, { astToString } from 'openapi-typescript';
import { mkdirSync, writeFileSync } from 'node:fs';
import { types } from './icu.mjs';

export async function writeTypes() {
  const here = new URL('../shared/src/', import.meta.url);
  const spec = new URL('../../adapters/api/openapi.json', import.meta.url);
  mkdirSync(new URL('generated/', here), { recursive: true });
  writeFileSync(new URL('generated/schema.d.ts', here), `// Made by scripts/types.mjs.\n${astToString(await openapiTS(spec))}`);
  writeFileSync(new URL('generated/messages.d.ts', here), types());
}

if (process.argv[1] === new URL(import.meta.url).pathname) await writeTypes();
