import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets the heap grow to a multiple of what is alive before it collects, which is right where answers wait for a core. What a worker
 * does is waited for by nobody, and 13 MB of garbage are a seventh of its memory: it collects after a fifth more, and is as fast
 * (docs/operations.md, "Sizing"). Only the pace is set: nothing ends a process whose heap is larger.
 */
export const collectOften = (): void => setFlagsFromString('--heap-growing-percent=20');
