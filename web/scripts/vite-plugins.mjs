import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { areas, compile, messageFile } from './icu.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

// `virtual:messages/vi` and `virtual:messages/en`: the compiled messages of this app.
export function messages(app) {
  const prefix = '\0messages/';
  return {
    name: 'cho40-messages',
    resolveId: (id) => (id.startsWith('virtual:messages/') ? prefix + id.split('/').pop() : null),
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const lang = id.slice(prefix.length);
      for (const area of areas[app]) this.addWatchFile(messageFile(lang, area));
      return compile(lang, app);
    },
  };
}

// React Aria ships thirty-four dictionaries and no Vietnamese one. Two are enough here: ours and English.
// A key that ours lacks stops the build.
export function reactAriaVietnamese() {
  const dictionary = path.join(here, '../shared/src/messages/react-aria-vi.mjs');
  const strings = /react-aria(?:-components)?\/dist\/private\/(?:([a-z]+)\/)?intlStrings\.mjs$/;
  return {
    name: 'cho40-react-aria-vi',
    enforce: 'pre',
    async load(id) {
      const found = strings.exec(id.split('?')[0]);
      if (!found) return null;
      const area = found[1] ?? 'components';
      const english = path.join(path.dirname(id), found[1] ? `../intl/${area}/en-US.mjs` : 'intl/en-US.mjs');
      const ours = (await import(pathToFileURL(dictionary))).default[area] ?? {};
      const lacking = Object.keys((await import(pathToFileURL(english))).default).filter((key) => !(key in ours));
      if (lacking.length) throw new Error(`react-aria-vi.mjs: ${area} lacks ${lacking.join(', ')}`);
      return `import en from ${JSON.stringify(english)};\nimport all from ${JSON.stringify(dictionary)};\n`
        + `export default {'en-US': en, 'vi-VN': all.${area}};\n`;
    },
    // Clearing by innerHTML is refused under `require-trusted-types-for 'script'`.
    transform(code, id) {
      if (!id.includes('live-announcer')) return null;
      return { code: code.replaceAll(/\.innerHTML = ''/g, '.replaceChildren()'), map: null };
    },
  };
}

// Integrity values for the entry files named in index.html, and a manifest that says what the shell needs.
export function integrity() {
  return {
    name: 'cho40-integrity',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (!page) return;
        const base = this.environment.config.base;
        page.source = String(page.source).replaceAll(/<(script|link)([^>]*?)(?:src|href)="([^"]+)"([^>]*)>/g, (tag, name, before, url, after) => {
          const file = bundle[url.slice(base.length)];
          if (!file || !/\.(js|css)$/.test(url)) return tag;
          const hash = createHash('sha384').update(file.type === 'chunk' ? file.code : file.source).digest('base64');
          return `<${name}${before}${name === 'script' ? 'src' : 'href'}="${url}" integrity="sha384-${hash}"${after}>`;
        });
      },
    },
  };
}

// The service worker: the list of files it keeps is known only after the build.
export function serviceWorker(source) {
  return {
    name: 'cho40-service-worker',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const base = this.environment.config.base;
        const shell = Object.keys(bundle).filter((name) => /\.(js|css|woff2|svg|webmanifest)$/.test(name)).map((name) => base + name);
        const version = createHash('sha256').update(Object.keys(bundle).sort().join('\n')).update(String(bundle['index.html']?.source)).digest('hex').slice(0, 16);
        const code = readFileSync(source, 'utf8').replace('__SHELL__', JSON.stringify([base, ...shell])).replace('__VERSION__', JSON.stringify(version));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
      },
    },
  };
}
