import { timingSafeEqual } from 'node:crypto';

/** Compared in a time that does not tell how much of it was right. */
export function isSameSecret(offered: string, expected: string): boolean {
  const [one, other] = [Buffer.from(offered), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
