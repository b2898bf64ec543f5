// ICU messages become plain JavaScript at build time, so that no parser travels to the phone.
import { parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../shared/src/messages');
export const messageFile = (lang, area) => path.join(root, lang, `${area}.json`);
export const areas = { vendor: ['common', 'vendor'], console: ['common', 'console'] };

const read = (lang, area) => JSON.parse(readFileSync(messageFile(lang, area), 'utf8'));

// The messages of one language and area. Vietnamese is the language of the product: a key that exists in English only
// is a mistake that stops the build, and so is the reverse, because a page must never show a key.
export function load(lang, area) {
  const own = read(lang, area);
  const other = read(lang === 'vi' ? 'en' : 'vi', area);
  const missing = Object.keys(other).filter((key) => !(key in own));
  if (missing.length) throw new Error(`messages/${lang}/${area}.json lacks: ${missing.join(', ')}`);
  const empty = Object.keys(own).filter((key) => !own[key].trim());
  if (empty.length) throw new Error(`messages/${lang}/${area}.json is empty at: ${empty.join(', ')}`);
  return own;
}

const quote = (text) => JSON.stringify(text);

function expression(nodes, lang, pound) {
  const parts = nodes.map((node) => {
    switch (node.type) {
      case TYPE.literal: return quote(node.value);
      case TYPE.argument: return `v.${node.value}`;
      case TYPE.number: return `number(v.${node.value})`;
      case TYPE.pound: return `number(v.${pound})`;
      case TYPE.select:
      case TYPE.plural: {
        const table = Object.entries(node.options)
          .map(([key, option]) => `${quote(key)}:()=>${expression(option.value, lang, node.value)}`).join(',');
        return node.type === TYPE.select ? `select(v.${node.value},{${table}})` : `plural(${quote(lang)},v.${node.value},{${table}})`;
      }
      default: throw new Error(`messages/${lang}: only arguments, number, select and plural are used here`);
    }
  });
  return parts.length ? `""+${parts.join('+')}` : '""';
}

function names(nodes, found = new Map()) {
  for (const node of nodes) {
    if (node.type === TYPE.argument) found.set(node.value, 'string');
    if (node.type === TYPE.number || node.type === TYPE.plural) found.set(node.value, 'number');
    if (node.type === TYPE.select) found.set(node.value, 'string');
    for (const option of Object.values(node.options ?? {})) names(option.value, found);
  }
  return found;
}

export function compile(lang, app) {
  const lines = areas[app].flatMap((area) => Object.entries(load(lang, area)).map(([key, text]) => {
    const nodes = parse(text, { ignoreTag: true });
    const plain = nodes.every((node) => node.type === TYPE.literal);
    return `${quote(key)}:${plain ? quote(nodes.map((node) => node.value).join('')) : `(v)=>${expression(nodes, lang)}`}`;
  }));
  return `import {number, plural, select} from '@cho40/shared/messages/runtime';\nexport default {\n${lines.join(',\n')}\n};\n`;
}

// Which arguments each message takes, as TypeScript: a wrong or forgotten one does not compile.
export function types() {
  const lines = ['common', 'vendor', 'console'].flatMap((area) => {
    const en = load('en', area);
    return Object.entries(load('vi', area)).map(([key, text]) => {
      const found = names(parse(text, { ignoreTag: true }));
      for (const [name] of names(parse(en[key], { ignoreTag: true }))) {
        if (!found.has(name)) throw new Error(`messages/en/${area}.json: ${key} uses {${name}}, Vietnamese does not`);
      }
      const members = [...found].map(([name, type]) => `${name}: ${type}`).join('; ');
      return `  ${quote(key)}: ${members ? `{ ${members} }` : 'undefined'};`;
    });
  });
  return `// Made by scripts/types.mjs.\nexport interface Messages {\n${lines.join('\n')}\n}\n`;
}
