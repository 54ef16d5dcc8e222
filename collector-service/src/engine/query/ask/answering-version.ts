import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Reader } from './reader.ts';
import type { ScopedInstance } from './scope.ts';

/**
 * The catalogue in which, of datasets with several versions, the one answers that is whole: the newest that has every week an older one
 * serves for these instances, apart from weeks that nobody is collecting for it any more (docs/adr/0015-dataset-versions.md). Asks the
 * database only when several versions are loaded.
 */
export async function answeringCatalogue(reader: Reader, catalogue: Catalogue, instances: readonly ScopedInstance[]): Promise<Catalogue> {
  const names = catalogue.datasets.map(({ dataset }) => dataset);
  const several = catalogue.datasets.filter(
    ({ dataset }, index) => names.indexOf(dataset) !== index || names.lastIndexOf(dataset) !== index,
  );
  if (several.length === 0) return catalogue;
  const rows = (await reader.readFresh({
    text: ANSWERING,
    values: [several.map(({ dataset }) => dataset), several.map(({ version }) => version), instances.map(({ id }) => id)],
    prepared: false,
  })) as [string, number][];
  return catalogue.answering(new Map(rows));
}

/**
 * A version is not ready while an older one serves a week that it lacks and may still get: the older one is collected there, or the
 * week is in line for the new one. A version without weeks and collections has nothing to answer with.
 */
const ANSWERING = `
  WITH candidates AS (SELECT * FROM unnest($1::text[], $2::int[]) AS c (dataset, version)),
       served AS (
         SELECT instance_id, dataset, dataset_version AS version, week FROM report_data_weeks
          WHERE instance_id = ANY ($3::bigint[]) AND dataset = ANY ($1) AND accepted_run_id IS NOT NULL),
       live AS (
         SELECT id, instance_id, dataset, dataset_version AS version, first_week, last_week FROM report_data_collections
          WHERE instance_id = ANY ($3::bigint[]) AND dataset = ANY ($1) AND state <> 'cancelled')
  SELECT c.dataset, max(c.version)
    FROM candidates c
   WHERE (EXISTS (SELECT FROM served s WHERE s.dataset = c.dataset AND s.version = c.version)
          OR EXISTS (SELECT FROM live l WHERE l.dataset = c.dataset AND l.version = c.version))
     AND NOT EXISTS (
       SELECT FROM served older
        WHERE older.dataset = c.dataset AND older.version < c.version
          AND NOT EXISTS (SELECT FROM served s WHERE s.dataset = c.dataset AND s.version = c.version
                                                 AND s.instance_id = older.instance_id AND s.week = older.week)
          AND (EXISTS (SELECT FROM live l
                        WHERE l.dataset = c.dataset AND l.version < c.version AND l.instance_id = older.instance_id
                          AND older.week BETWEEN l.first_week AND l.last_week)
               OR EXISTS (SELECT FROM live l JOIN week_runs r ON r.collection_id = l.id
                           WHERE l.dataset = c.dataset AND l.version = c.version AND l.instance_id = older.instance_id
                             AND r.week = older.week AND r.state IN ('planned', 'creating', 'running', 'downloading', 'merging'))))
   GROUP BY c.dataset`;
