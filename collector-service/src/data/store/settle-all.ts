/**
 * As Promise.all, but waits until every promise has ended, also after one has failed: a connection that statements were sent on at once
 * must not be given back, or rolled back, while some of them still run.
 * @throws the error of the first in the list that failed
 */
export async function settleAll<T extends readonly unknown[]>(promises: readonly [...{ [K in keyof T]: Promise<T[K]> }]): Promise<T> {
  const ended = await Promise.allSettled<unknown>(promises);
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  }) as unknown as T;
}
