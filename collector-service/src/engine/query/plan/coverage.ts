import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { ReadTransaction } from '../../../data/store/scope.ts';

/** A week that answers use. */
export interface ServedWeek {
  /** Rises whenever an accepted run changes the week; cache keys hold it. */
  version: string;
  /** When its accepted run was collected, ms since 1970 UTC. */
  collectedAt: number | null;
  /** Its result is odd among its neighbours, and nobody has said that it is right. */
  doubtful?: boolean;
}

/** What one instance has of a dataset: its served weeks by Monday, and the weeks its live collections are meant to hold. */
export interface InstanceCoverage {
  served: ReadonlyMap<IsoDate, ServedWeek>;
  /** Mondays, both included. */
  collected: readonly { first: IsoDate; last: IsoDate }[];
}

/** By our instance id; an instance that never collected the dataset is missing. */
export type Coverage = ReadonlyMap<string, InstanceCoverage>;

/**
 * Which weeks of a dataset are served, and which should be. One row per instance with packed columns: 20 instances with
 * a year each are 20 rows to parse and not 1,040, and the batch reads it once per dataset. An instant as a number costs a fifth of what
 * to_char takes.
 */
const SQL = `
SELECT i.id::text,
  (SELECT string_agg(concat_ws(' ', w.week, w.data_version, coalesce(trunc(date_part('epoch', w.collected_at) * 1000)::text, ''),
                                 CASE WHEN w.doubt IS NOT NULL THEN 'doubtful' END), ',')
    FROM report_data_weeks w
    WHERE w.instance_id = i.id AND w.dataset = $2 AND w.dataset_version = $3 AND w.data_version > 0),
  (SELECT string_agg(c.first_week || ' ' || c.last_week, ',')
    FROM report_data_collections c
    WHERE c.instance_id = i.id AND c.dataset = $2 AND c.dataset_version = $3 AND c.state <> 'cancelled')
FROM unnest($1::bigint[]) AS i(id)`;

export async function readCoverage(tx: ReadTransaction, dataset: Dataset, instanceIds: readonly string[]): Promise<Coverage> {
  const { rows } = await tx.query<[string, string | null, string | null]>({
    name: 'coverage',
    text: SQL,
    values: [instanceIds, dataset.dataset, dataset.version],
    rowMode: 'array',
  });
  const coverage = new Map<string, InstanceCoverage>();
  for (const [id, weeks, ranges] of rows) {
    if (weeks === null && ranges === null) continue;
    const served = new Map<IsoDate, ServedWeek>();
    for (const packed of weeks?.split(',') ?? []) {
      const [week = '', version = '0', collectedAt = '', doubt] = packed.split(' ');
      served.set(week, {
        version,
        collectedAt: collectedAt === '' ? null : Number(collectedAt),
        ...(doubt === undefined ? {} : { doubtful: true }),
      });
    }
    const collected = (ranges?.split(',') ?? []).map((packed) => {
      const [first = '', last = ''] = packed.split(' ');
      return { first, last };
    });
    coverage.set(id, { served, collected });
  }
  return coverage;
}
