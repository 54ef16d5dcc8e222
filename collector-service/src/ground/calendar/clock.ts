/**
 * The calendar clock: which day it is for planning, ageing and the sandbox. One function, the machine's clock plus an offset,
 * so that a test or a demonstration can live on another day. Leases and fences never use it: they use the database's now().
 */
export type Clock = () => Date;

export const offsetClock =
  (offsetMs: number): Clock =>
  () =>
    new Date(Date.now() + offsetMs);
