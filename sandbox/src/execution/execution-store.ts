import type pg from 'pg';
import type { Execution } from './record.ts';

/** Executions and their files in the sandbox's database, one function per statement. */
export const loadExecutions = async (owner: pg.Pool): Promise<Execution[]> =>
  (await owner.query<{ record: Execution }>('SELECT record FROM sandbox.execution ORDER BY sequence')).rows.map((row) => row.record);

/** Once, however often it is asked: a connection lost at the commit does not say what became of it. */
export const insertExecution = async (owner: pg.Pool, execution: Execution): Promise<void> =>
  void (await owner.query('INSERT INTO sandbox.execution VALUES ($1, $2, $3) ON CONFLICT (execution_id) DO NOTHING', [
    execution.id,
    execution.sequence,
    JSON.stringify(execution),
  ]));

export const saveExecution = async (owner: pg.Pool, execution: Execution): Promise<void> =>
  void (await owner.query('UPDATE sandbox.execution SET record = $2 WHERE execution_id = $1', [execution.id, JSON.stringify(execution)]));

export const saveResultFiles = async (owner: pg.Pool, id: string, files: readonly string[]): Promise<void> =>
  void (await owner.query(
    `WITH gone AS (DELETE FROM sandbox.result_file WHERE execution_id = $1 AND part > cardinality($2::text[]))
     INSERT INTO sandbox.result_file SELECT $1, ordinality, body FROM unnest($2::text[]) WITH ORDINALITY AS files(body, ordinality)
     ON CONFLICT (execution_id, part) DO UPDATE SET body = excluded.body`,
    [id, files],
  ));

export const countResultFiles = async (owner: pg.Pool, id: string): Promise<number> =>
  (await owner.query<{ count: number }>('SELECT count(*)::int AS count FROM sandbox.result_file WHERE execution_id = $1', [id])).rows[0]
    ?.count ?? 0;

export const readResultFile = async (owner: pg.Pool, id: string, part: number): Promise<string | undefined> =>
  (await owner.query<{ body: string }>('SELECT body FROM sandbox.result_file WHERE execution_id = $1 AND part = $2', [id, part])).rows[0]
    ?.body;
