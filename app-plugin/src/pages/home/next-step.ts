import type { Collection, Health } from '@amc-reports/collector-service/contract';
import type { Datasource } from '../../data/datasource';
import { statusOf } from '../../wording/collection-status';

export type NextStep =
  | { readonly kind: 'choose-datasource' }
  | { readonly kind: 'repair' }
  | { readonly kind: 'start' }
  | { readonly kind: 'resume'; readonly collection: Collection }
  | { readonly kind: 'wait'; readonly collections: readonly Collection[] }
  | { readonly kind: 'look'; readonly collection: Collection }
  | { readonly kind: 'ready'; readonly collections: readonly Collection[] };

interface Situation {
  readonly datasource: Datasource | undefined;
  /** Undefined while it is asked for, or when nobody answered. */
  readonly health: Health | undefined;
  /** Whether a hop on the way is broken. */
  readonly broken: boolean;
  readonly collections: readonly Collection[] | undefined;
}

/** The one thing to do now, or undefined while it is not known yet. */
export function nextStep({ datasource, health, broken, collections }: Situation): NextStep | undefined {
  if (!datasource) return { kind: 'choose-datasource' };
  if (broken) return { kind: 'repair' };
  if (!health || !collections) return undefined;
  const living = collections.filter(({ state }) => state !== 'cancelled');
  const collecting = living.filter((collection) => statusOf(collection) === 'collecting');
  const troubled = living.find(({ state, weeks }) => state === 'stopped' || weeks.failed + weeks.held > 0);
  if (living.length === 0) return collections.some(({ rows }) => rows > 0) ? { kind: 'ready', collections: [] } : { kind: 'start' };
  if (collecting.some(({ weeks }) => weeks.failed + weeks.held === 0)) return { kind: 'wait', collections: collecting };
  if (troubled) return { kind: 'look', collection: troubled };
  const paused = living.find(({ state }) => state === 'paused');
  if (paused) return { kind: 'resume', collection: paused };
  return { kind: 'ready', collections: living };
}
