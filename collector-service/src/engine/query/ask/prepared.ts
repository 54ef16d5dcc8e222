import { createHash } from 'node:crypto';

/** Statements kept on each connection at most: a plan holds some tens of kilobytes there. */
const MOST_KEPT = 64;

const names = new Map<string, string>();

/**
 * The name under which a connection keeps a statement parsed and planned, or undefined for one that is not worth a place: the first
 * texts asked for get one and keep it. Values are parameters, so a dashboard's panels come with few texts and ask them again and again;
 * planning is a third of what a tile over a roll-up costs.
 */
export function statementName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_KEPT) return known;
  const name = `query_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(text, name);
  return name;
}
