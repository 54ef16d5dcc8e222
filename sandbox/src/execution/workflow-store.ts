import type pg from 'pg';
import type { Workflow } from './record.ts';

/** Saved workflows, one function per statement. */
export const listWorkflows = async (owner: pg.Pool, instanceId: string): Promise<Workflow[]> =>
  (
    await owner.query<{ definition: Workflow }>('SELECT definition FROM sandbox.workflow WHERE instance_id = $1 ORDER BY workflow_id', [
      instanceId,
    ])
  ).rows.map((row) => row.definition);

export const findWorkflow = async (owner: pg.Pool, instanceId: string, workflowId: string): Promise<Workflow | undefined> =>
  (
    await owner.query<{ definition: Workflow }>('SELECT definition FROM sandbox.workflow WHERE instance_id = $1 AND workflow_id = $2', [
      instanceId,
      workflowId,
    ])
  ).rows[0]?.definition;

/** @returns whether it was new */
export const insertWorkflow = async (owner: pg.Pool, instanceId: string, workflow: Workflow): Promise<boolean> =>
  (
    await owner.query('INSERT INTO sandbox.workflow VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      instanceId,
      workflow.workflowId,
      JSON.stringify(workflow),
    ])
  ).rowCount === 1;

/** @returns whether it was there */
export const replaceWorkflow = async (owner: pg.Pool, instanceId: string, workflow: Workflow): Promise<boolean> =>
  (
    await owner.query('UPDATE sandbox.workflow SET definition = $3 WHERE instance_id = $1 AND workflow_id = $2', [
      instanceId,
      workflow.workflowId,
      JSON.stringify(workflow),
    ])
  ).rowCount === 1;

/** @returns whether it was there */
export const deleteWorkflow = async (owner: pg.Pool, instanceId: string, workflowId: string): Promise<boolean> =>
  (await owner.query('DELETE FROM sandbox.workflow WHERE instance_id = $1 AND workflow_id = $2', [instanceId, workflowId])).rowCount === 1;
