import { forget } from './engine/collect/jobs/forget.ts';
import { cleanUpDatabase } from './product/upkeep/jobs/clean-up-database.ts';

/** Every piece of everyday work. A new one is a file in its room's folder `jobs`, and a name here. */
export const JOBS = [forget, cleanUpDatabase] as const;
