import { randomUUID } from 'node:crypto';
import type { SandboxInstance } from '../account.ts';
import type { SandboxContext } from '../context.ts';
import type { Fault } from '../control/faults.ts';
import { firstDayOfHistory } from '../events/load.ts';
import { AmcError, badRequest } from '../wire/amc-error.ts';
import { asBoolean, asInteger, asParameterValue, asText, type Fields } from '../wire/body.ts';
import { workflowOf } from '../wire/workflow-definition.ts';
import type { Execution, Workflow } from './record.ts';
import { findWorkflow } from './workflow-store.ts';
import { timeWindow } from './window.ts';

const DEFAULT_TIMEOUT_SECONDS = 21_600;
const DIFFERENCING =
  'could not be run because too many workflows have already been run against the same input data sources in the same or overlapping time windows.';

/** Reads a request for an execution and makes it one, not yet queued. @throws AmcError 400 or 404 */
export async function newExecution(context: SandboxContext, instance: SandboxInstance, body: Fields): Promise<Execution> {
  const workflow = await workflowFor(context, instance, body);
  const now = context.clock.now();
  assertDailyCap(context, instance, now);
  const historyStart = new Date(`${firstDayOfHistory(now)}T00:00:00Z`);
  historyStart.setUTCDate(historyStart.getUTCDate() + 2);
  const window = timeWindow(windowFields(body), now, historyStart);
  const parameterValues = parametersOf(workflow, body.parameterValues);
  const timeoutSeconds =
    asInteger(body.workflowExecutionTimeoutSeconds, 'workflowExecutionTimeoutSeconds', { min: 900, max: 86_400 }) ??
    DEFAULT_TIMEOUT_SECONDS;
  const bool = (name: string): boolean => asBoolean(body[name], name) ?? false;
  const id = randomUUID();
  const faultOccasion = {
    path: '/workflowExecutions',
    method: 'POST',
    workflowId: workflow.workflowId,
    instanceId: instance.instanceId,
    windowStart: window.startOriginal,
  };
  const late = context.faults.strike(['listed-late'], faultOccasion);
  const slow = context.faults.strike(['slow-execution'], faultOccasion);
  const fate = fateOf(context.faults.strike(['rejected', 'failed', 'differencing'], faultOccasion), id, workflow.workflowId);
  const wall = Date.now();
  return {
    id,
    sequence: context.queue.nextSequence(),
    instanceId: instance.instanceId,
    workflow,
    window,
    parameterValues,
    advertiserKeys: advertisersOf(instance, body.advertisers),
    timeoutSeconds,
    dryRun: bool('dryRun'),
    skipPublish: bool('skipPublish'),
    disableAggregationControls: bool('disableAggregationControls'),
    requireSyntheticData: bool('requireSyntheticData'),
    createdAt: now.getTime(),
    createdWall: wall,
    asOf: `${now.toISOString().slice(0, 13).replace('T', ' ')}:00:00`,
    historyStart: historyStart.toISOString().slice(0, 19).replace('T', ' '),
    ...(late && { listedFromWall: wall + (late.seconds ?? 10) * 1000 }),
    ...(slow && { slowness: slow.factor ?? 10 }),
    ...(fate && { fate }),
    status: 'PENDING',
    updatedAt: now.getTime(),
  };
}

function assertDailyCap(context: SandboxContext, instance: SandboxInstance, now: Date): void {
  const cap = context.behaviour.executionsPerDay;
  if (cap === undefined) return;
  const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
  const today = [...context.queue.executions.values()].filter((one) => one.instanceId === instance.instanceId && one.createdAt >= midnight);
  if (today.length >= cap) throw badRequest(`Ad hoc executions can be run up to ${cap} times per day for each instance.`);
}

async function workflowFor(context: SandboxContext, instance: SandboxInstance, body: Fields): Promise<Workflow> {
  const workflowId = asText(body.workflowId, 'workflowId');
  const adHoc = body.workflow;
  if (workflowId !== undefined && adHoc !== undefined && adHoc !== null)
    throw badRequest('workflow and workflowId are mutually exclusive.');
  if (adHoc !== undefined && adHoc !== null) {
    if (typeof adHoc !== 'object' || Array.isArray(adHoc)) throw badRequest('workflow must be an object.');
    return workflowOf(adHoc as Fields, `transient_${randomUUID()}`);
  }
  if (workflowId === undefined) throw badRequest('Either workflow or workflowId is required.');
  const workflow = await findWorkflow(context.database.owner, instance.instanceId, workflowId);
  if (!workflow) throw new AmcError(404, `Workflow with ID ${workflowId} does not exist.`);
  return workflow;
}

const windowFields = (body: Fields) =>
  Object.fromEntries(
    ['timeWindowType', 'timeWindowStart', 'timeWindowEnd', 'timeWindowTimeZone'].flatMap((name) => {
      const text = asText(body[name], name);
      return text === undefined ? [] : [[name, text]];
    }),
  );

function parametersOf(workflow: Workflow, values: unknown): Record<string, unknown> {
  if (values !== undefined && values !== null && (typeof values !== 'object' || Array.isArray(values)))
    throw badRequest('parameterValues must be an object.');
  const given = (values ?? {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) asParameterValue(value, `parameter '${name}'`);
  for (const { name, defaultValue } of workflow.inputParameters ?? []) {
    if (defaultValue === undefined && (!Object.hasOwn(given, name) || given[name] === null))
      throw badRequest(`Missing value for parameter '${name}'.`);
  }
  return given;
}

/** All advertisers of the instance, or those the request names. */
function advertisersOf(instance: SandboxInstance, chosen: unknown): number[] {
  if (chosen !== undefined && chosen !== null && !Array.isArray(chosen)) throw badRequest('advertisers must be a list.');
  if (!chosen || chosen.length === 0) return instance.advertisers.map((advertiser) => advertiser.key);
  const ids = chosen.map((item) => asText((item as Fields | null)?.id, 'the id of an advertiser'));
  for (const id of ids) {
    if (!instance.advertisers.some((advertiser) => advertiser.entityId === id || advertiser.dspAdvertiserId === id)) {
      throw badRequest(`Advertiser ${id ?? ''} is not part of instance ${instance.instanceId}.`);
    }
  }
  return instance.advertisers
    .filter((advertiser) => ids.includes(advertiser.entityId) || ids.includes(advertiser.dspAdvertiserId))
    .map((advertiser) => advertiser.key);
}

function fateOf(fault: Fault | undefined, id: string, workflowId: string): Execution['fate'] {
  if (!fault) return undefined;
  if (fault.name === 'failed') return { status: 'FAILED', reason: fault.reason ?? 'Internal error: the execution failed' };
  const reason =
    fault.name === 'differencing'
      ? `Execution "${id}" of workflow "${workflowId}" ${DIFFERENCING}`
      : (fault.reason ?? 'SQL query was invalid. Fault injected by the sandbox');
  return { status: 'REJECTED', reason };
}
