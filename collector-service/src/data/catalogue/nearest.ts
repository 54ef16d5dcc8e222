/** The known names closest to what somebody wrote, nearest first, none that is not plausibly meant. At most three. */
export function nearest(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase(), limit) }))
    .filter((entry) => entry.distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map((entry) => entry.candidate);
}

/** `; did you mean 'sales'?` or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = nearest(name, known);
  return names.length === 0 ? '' : `; did you mean ${names.map((candidate) => `'${candidate}'`).join(' or ')}?`;
}

/** Edits that turn one word into the other; a swap of neighbours counts once. A whole part of a longer name counts 1. Beyond `limit` the value only says so. */
function distance(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (a.length > 2 && (b.split('_').includes(a) || a.split('_').includes(b))) return 1;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, beforeLast[j - 2]! + 1);
      row.push(edits);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
