import { hasWholeLevels, levelFor, levelsOf } from '../../../data/catalogue/levels.ts';
import { mondayOf } from '../../../ground/calendar/week.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import type { Component } from '../cells/measure.ts';
import { readSuppressed, suppressedStatement, type SuppressedShare } from '../cells/suppressed.ts';
import { ADVERTISER } from '../plan/accounts.ts';
import type { Coverage } from '../plan/coverage.ts';
import { weeksTouched } from '../plan/freshness.ts';
import { dimensionsTouched } from '../plan/level.ts';
import type { Part } from '../plan/parts.ts';
import type { Period } from '../plan/period.ts';
import { sourceFor } from '../plan/source.ts';

export interface HiddenShare {
  /** Of each sum, the most first; at least one. */
  shares: readonly SuppressedShare[];
  /** A coarser question that hides less, in the words of "asked …"; null when there is none worth saying. */
  coarser: { how: string; share: number } | null;
}

/**
 * From which share on a panel warns of what Amazon hides, and a coarser question is looked for. Of 100 sales one: less moves no decision,
 * and Amazon's own restatements of a settling week move more.
 */
export const NOTICEABLE = 0.01;
/** What a coarser question has to be of the share to be worth saying. */
const WORTH_SAYING = 0.7;

/** How much Amazon hides at the question's level of detail, and whether a coarser question would hide less. */
export async function readHiddenShare(
  reader: Reader,
  question: Question,
  components: readonly Component[],
  parts: readonly Part[],
  period: Period,
  coverage: Coverage,
): Promise<HiddenShare | null> {
  const dimensions = dimensionsTouched(question);
  const read = async (of: readonly Part[], by: ReadonlySet<string>): Promise<SuppressedShare[]> => {
    const statement = suppressedStatement(question, components, of, by);
    if (statement === null) return [];
    const { rows } = await reader.read(statement, coverage, weeksTouched(period));
    return readSuppressed(rows, components, question);
  };
  const shares = await read(parts, dimensions);
  const share = shares[0]?.share ?? null;
  if (shares.length === 0) return null;
  if (share === null || share < NOTICEABLE) return { shares, coarser: null };
  const coarser = coarserQuestion(question, parts, dimensions);
  if (coarser === null) return { shares, coarser: null };
  const [least = { share: 0 }] = await read(coarser.parts, coarser.dimensions);
  const isBetter = least.share !== null && least.share <= share * WORTH_SAYING;
  return { shares, coarser: isBetter ? { how: coarser.how, share: least.share! } : null };
}

/** By week instead of by day; else by the dimensions of the next coarser level. */
function coarserQuestion(
  { dataset, accounts }: Pick<Question, 'dataset' | 'accounts'>,
  parts: readonly Part[],
  dimensions: ReadonlySet<string>,
): { how: string; parts: Part[]; dimensions: ReadonlySet<string> } | null {
  const byWeek = (by: ReadonlySet<string>): Part[] | null => {
    const source = sourceFor(dataset, 'week', by);
    const weeks = [...new Set(parts.flatMap(({ buckets, grain }) => (grain === 'month' ? [] : buckets.map(mondayOf))))].sort();
    return source === undefined || weeks.length === 0 ? null : [{ source, grain: 'week', buckets: weeks, into: null }];
  };
  if (parts.some(({ grain }) => grain === 'day')) {
    const weekly = byWeek(dimensions);
    return weekly && { how: 'by week', parts: weekly, dimensions };
  }
  if (!hasWholeLevels(dataset)) return null;
  const own = levelFor(dataset, dimensions, 'week');
  const next = levelsOf(dataset)
    .filter(({ by, dimensions: fewer }) => by === 'window' && fewer.length < (own?.dimensions.length ?? 0))
    // Whom a currency chooses can only be told where there are advertisers.
    .filter(({ dimensions: fewer }) => accounts === null || fewer.includes(ADVERTISER))
    .sort((a, b) => b.dimensions.length - a.dimensions.length)[0];
  const weekly = next && byWeek(new Set(next.dimensions));
  if (!next || !weekly) return null;
  const titles = next.dimensions.map((name) => dataset.dimensions.find((each) => each.name === name)?.title.toLowerCase() ?? name);
  return { how: `by ${titles.join(' and ')}`, parts: weekly, dimensions: new Set(next.dimensions) };
}
