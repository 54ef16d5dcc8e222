import type { Tx } from '../../ground/database.ts';

/** Whether the migrate step has made the dataset version's tables. */
export async function isRegistered(tx: Tx, dataset: string, version: number): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM datasets WHERE name = $1 AND version = $2 AND dropped_at IS NULL', [dataset, version]);
  return rowCount === 1;
}
