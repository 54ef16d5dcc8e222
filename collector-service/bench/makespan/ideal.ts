/**
 * How long an executor takes that loses no time: the next piece of work starts on whichever slot is free first.
 * @param durations in the order the work is begun
 */
export function idealMakespan(durations: readonly number[], slots: number): number {
  const freeAt = new Array<number>(slots).fill(0);
  for (const duration of durations) {
    const earliest = freeAt.indexOf(Math.min(...freeAt));
    freeAt[earliest]! += duration;
  }
  return Math.max(...freeAt);
}
