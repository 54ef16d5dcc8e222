import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import { reportingPath } from './reporting-path.ts';
import type { AmcInstanceRef, Transport } from './transport.ts';

/** A query to save under an id. */
export interface WorkflowDefinition {
  /** Letters, digits, '.', '-' and '_'. */
  readonly workflowId: string;
  /** One line (catalogue/sql.ts). */
  readonly sqlQuery: string;
  /** filteredMetricsDiscriminatorColumn: Amazon keeps hidden rows, re-aggregated, and marks them in this BOOLEAN column. */
  readonly filteredColumn?: string | undefined;
}

/**
 * How result files are written. The escape is the quote itself (RFC 4180, and what COPY takes unless told otherwise): Amazon's
 * default, the backslash, is not escaped in its turn, so that a campaign name ending in a backslash would swallow its closing quote.
 * Readers still check which escape a file uses (reference/amc.md §3.5).
 */
export const OUTPUT_FORMAT = { separatorCharacter: ',', quoteCharacter: '"', escapeCharacter: '"' } as const;

const workflowSchema = z.object({
  workflowId: z.string(),
  sqlQuery: z
    .string()
    .nullish()
    .transform((sql) => sql ?? ''),
  filteredMetricsDiscriminatorColumn: z
    .string()
    .nullish()
    .transform((column) => column ?? null),
});
export type Workflow = z.output<typeof workflowSchema>;

const done = z.unknown();

/** The definition as Amazon wants it, saved or ad hoc. A time window never belongs in it: it would overrule later explicit ones (reference/amc.md §3.1). */
export const workflowBody = (definition: Omit<WorkflowDefinition, 'workflowId'>) => ({
  sqlQuery: definition.sqlQuery,
  outputFormat: OUTPUT_FORMAT,
  ...(definition.filteredColumn === undefined ? {} : { filteredMetricsDiscriminatorColumn: definition.filteredColumn }),
});

/** Saves a workflow, replacing one of the same id. Safe to repeat. */
export async function putWorkflow(
  transport: Transport,
  instance: AmcInstanceRef,
  definition: WorkflowDefinition,
  signal: AbortSignal,
): Promise<void> {
  const body = { workflowId: definition.workflowId, ...workflowBody(definition) };
  try {
    await transport.send(
      {
        what: `Creating workflow ${definition.workflowId}`,
        method: 'POST',
        path: reportingPath(instance, 'workflows'),
        account: instance,
        body,
        answer: done,
      },
      signal,
    );
  } catch (error) {
    if (!alreadyExists(error)) throw error;
    await transport.send(
      {
        what: `Updating workflow ${definition.workflowId}`,
        method: 'PUT',
        path: reportingPath(instance, 'workflows', definition.workflowId),
        account: instance,
        body,
        answer: done,
      },
      signal,
    );
  }
}

/** Amazon says so in words; the status it comes with is not documented (reference/amc.md §3.1). */
const alreadyExists = (error: unknown): boolean =>
  error instanceof CollectorError && /already exists/i.test(String(error.details?.reason ?? ''));

export const getWorkflow = (transport: Transport, instance: AmcInstanceRef, workflowId: string, signal: AbortSignal): Promise<Workflow> =>
  transport.send(
    {
      what: `Reading workflow ${workflowId}`,
      method: 'GET',
      path: reportingPath(instance, 'workflows', workflowId),
      account: instance,
      unwrap: 'workflow',
      answer: workflowSchema,
    },
    signal,
  );

/** Removes a workflow; one that is gone already counts as removed. Amazon refuses while a schedule refers to it. */
export async function deleteWorkflow(
  transport: Transport,
  instance: AmcInstanceRef,
  workflowId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await transport.send(
      {
        what: `Deleting workflow ${workflowId}`,
        method: 'DELETE',
        path: reportingPath(instance, 'workflows', workflowId),
        account: instance,
        answer: done,
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof CollectorError && error.code === 'amc_not_found')) throw error;
  }
}
