import { fileURLToPath } from 'node:url';
import { app } from '../scripts/vite-base.mjs';
import { serviceWorker } from '../scripts/vite-plugins.mjs';

export default app('vendor', [serviceWorker(fileURLToPath(new URL('src/sw.js', import.meta.url)))]);
