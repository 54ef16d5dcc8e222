import { createHash } from 'node:crypto';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { datasetSql } from '../../../data/catalogue/sql.ts';
import type { InstanceRow } from '../instance.ts';
import type { CollectionRow } from '../statements/collections.ts';

/**
 * A collection of a dataset for an instance, without its weeks. The SQL is made once and kept, so that every week runs the very same
 * text (Amazon's differencing protection, reference/amc.md §4.1). Where Amazon cannot be asked, both workflow and SQL are empty.
 */
export function collectionFor(
  dataset: Dataset,
  instance: InstanceRow,
  name: string | undefined,
  createdBy: string,
): Omit<CollectionRow, 'firstWeek' | 'lastWeek'> {
  const sqlText = dataset.sql !== undefined && instance.connected ? datasetSql(dataset, instance) : '';
  return {
    workspaceId: instance.workspaceId,
    instanceId: instance.id,
    dataset: dataset.dataset,
    datasetVersion: dataset.version,
    name: name ?? dataset.title,
    workflowId: sqlText && workflowId(dataset, sqlText),
    sqlText,
    createdBy,
  };
}

/** Names the saved workflow by what it computes: the same SQL is the same workflow, other SQL never overwrites it. */
function workflowId(dataset: Dataset, sqlText: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([sqlText, dataset.sql?.filtered_column ?? null]))
    .digest('hex')
    .slice(0, 12);
  return `amcreports_${dataset.dataset}_v${dataset.version}_${hash}`;
}
