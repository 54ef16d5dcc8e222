import { canContain } from './container.ts';

/** For tests that need namespaces; without the right to make them they are skipped, which the run names and counts. */
export const testContained = canContain ? test : test.skip;
