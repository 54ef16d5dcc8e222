import { z } from 'zod';
import { executionSchema, type Execution } from './execution.ts';
import { allPages } from './pages.ts';
import { reportingPath } from './reporting-path.ts';
import type { AmcInstanceRef, Transport } from './transport.ts';
import { windowBody, type DayWindow } from './window.ts';
import { workflowBody } from './workflows.ts';

export interface CreateExecution {
  readonly workflowId: string;
  readonly window: DayWindow;
  readonly parameterValues?: Readonly<Record<string, string>> | undefined;
  /** 900 to 86,400; Amazon's default is 21,600. */
  readonly timeoutSeconds?: number | undefined;
}

/** A saved workflow, or SQL that is only tried. */
export type DryRun = { readonly window: DayWindow } & (
  { readonly workflowId: string } | { readonly sqlQuery: string; readonly filteredColumn?: string | undefined }
);

export interface ListExecutions {
  /** Executions created at or after this instant. */
  readonly createdSince: Date;
  readonly workflowId?: string | undefined;
}

/**
 * Starts a paid query. Not idempotent: Amazon has no token for that. After an error with details.sent true the execution may
 * exist; look for it with list() instead of posting again.
 */
export const createExecution = (
  transport: Transport,
  instance: AmcInstanceRef,
  create: CreateExecution,
  signal: AbortSignal,
): Promise<Execution> =>
  post(
    transport,
    instance,
    `Creating an execution of workflow ${create.workflowId} for ${create.window.start}`,
    {
      workflowId: create.workflowId,
      ...windowBody(create.window),
      ...(create.parameterValues === undefined ? {} : { parameterValues: create.parameterValues }),
      ...(create.timeoutSeconds === undefined ? {} : { workflowExecutionTimeoutSeconds: create.timeoutSeconds }),
    },
    signal,
  );

/**
 * Has Amazon check a query without computing it. Validation is asynchronous: the execution is usually PENDING at first and ends
 * succeeded or rejected (validateSql waits for that); a bad query may also be refused at once.
 */
export const createDryRun = (transport: Transport, instance: AmcInstanceRef, dryRun: DryRun, signal: AbortSignal): Promise<Execution> =>
  post(
    transport,
    instance,
    'Validating the SQL',
    {
      ...('workflowId' in dryRun ? { workflowId: dryRun.workflowId } : { workflow: workflowBody(dryRun) }),
      ...windowBody(dryRun.window),
      dryRun: true,
    },
    signal,
  );

const post = (transport: Transport, instance: AmcInstanceRef, what: string, body: object, signal: AbortSignal): Promise<Execution> =>
  transport.send(
    {
      what,
      method: 'POST',
      path: reportingPath(instance, 'workflowExecutions'),
      account: instance,
      body,
      unwrap: 'workflowExecution',
      answer: executionSchema,
    },
    signal,
  );

export const getExecution = (
  transport: Transport,
  instance: AmcInstanceRef,
  executionId: string,
  signal: AbortSignal,
): Promise<Execution> =>
  transport.send(
    {
      what: `Reading execution ${executionId}`,
      method: 'GET',
      path: reportingPath(instance, 'workflowExecutions', executionId),
      account: instance,
      unwrap: 'workflowExecution',
      answer: executionSchema,
    },
    signal,
  );

/** All executions since an instant, newest first, cancelled ones included (Amazon hides them unless asked). Times go out as UTC. */
export const listExecutions = (
  transport: Transport,
  instance: AmcInstanceRef,
  list: ListExecutions,
  signal: AbortSignal,
): Promise<Execution[]> =>
  allPages(
    transport,
    {
      what: `Listing the executions of AMC instance ${instance.instanceId}`,
      method: 'GET',
      path: reportingPath(instance, 'workflowExecutions'),
      account: instance,
      query: {
        // Whole seconds, rounded down, so that none created within the first one is missed.
        minCreationTime: list.createdSince.toISOString().slice(0, 19),
        timeZone: 'UTC',
        workflowId: list.workflowId,
        includeCancelled: 'true',
      },
      property: 'executions',
      item: executionSchema,
    },
    signal,
  );

/** Asks Amazon to stop an execution. @throws CollectorError amc_rejected_request when it has ended already */
export async function cancelExecution(
  transport: Transport,
  instance: AmcInstanceRef,
  executionId: string,
  signal: AbortSignal,
): Promise<void> {
  await transport.send(
    {
      what: `Cancelling execution ${executionId}`,
      method: 'PUT',
      path: reportingPath(instance, 'workflowExecutions', executionId),
      account: instance,
      body: { status: 'CANCELLED' },
      answer: z.unknown(),
    },
    signal,
  );
}
