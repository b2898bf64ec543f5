import react from '@vitejs/plugin-react';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { integrity, messages, reactAriaVietnamese } from './vite-plugins.mjs';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// What both apps share. Nothing may become inline: the pages run under a policy without 'unsafe-inline'.
export function app(name, plugins = []) {
  return {
    root: path.join(web, name),
    base: `/${name}/`,
    plugins: [react(), messages(name), reactAriaVietnamese(), ...plugins, integrity()],
    resolve: { alias: { '@cho40/shared': path.join(web, 'shared/src') } },
    build: {
      outDir: path.join(web, 'dist', name),
      emptyOutDir: true,
      manifest: 'manifest.json',
      assetsInlineLimit: 0,
      target: ['chrome100', 'safari15.4', 'firefox100'],
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
    },
    server: { proxy: { '/v1': process.env.CHO40_BASE_URL ?? 'http://127.0.0.1:8799' } },
  };
}
