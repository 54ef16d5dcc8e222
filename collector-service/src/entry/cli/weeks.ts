/** So many weeks, as a sentence says it. */
export const formatWeeks = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'week' : 'weeks'}`;
