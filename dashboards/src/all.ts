import { performance } from './performance.ts';

/** Every shipped dashboard by its file name in this folder. */
export const dashboards = { performance };
