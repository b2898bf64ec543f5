import { app } from '../scripts/vite-base.mjs';

export default app('console');
