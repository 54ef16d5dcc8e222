import { Router, type Request } from 'express';
import type { SandboxContext } from '../context.ts';
import { countResultFiles } from '../execution/execution-store.ts';
import { newExecution } from '../execution/create.ts';
import { instantOf } from '../execution/local-time.ts';
import type { Execution } from '../execution/record.ts';
import { AmcError, badRequest } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';
import { instanceOf } from './authorise.ts';
import { asInteger, asText, readJson } from './body.ts';
import { signedUrl } from './download.ts';
import { executionView } from './execution-view.ts';
import { first, flag, queryTime, queryTimeZone } from './query.ts';

/** Workflow executions (reference/amc.md §3.2–3.5). */
export function executionRoutes(context: SandboxContext): Router {
  const router = Router({ mergeParams: true });
  const { queue } = context;
  const view = (execution: Execution, options?: Parameters<typeof executionView>[1]): unknown => {
    const body = executionView(execution, options);
    return context.behaviour.wrapped ? { workflowExecution: body } : body;
  };

  router.get('/', (request, response) => {
    queue.advance();
    const { executions, nextToken } = list(context, request);
    const includeWorkflow = flag(request.query.includeWorkflow, 'includeWorkflow');
    answer(
      response,
      { executions: executions.map((execution) => executionView(execution, { includeWorkflow })), nextToken },
      MEDIA.executions,
    );
  });

  router.post('/', async (request, response) => {
    const execution = await newExecution(context, instanceOf(request), await readJson(request));
    if (context.behaviour.syncValidation) {
      const reason = await context.queries.validate(execution);
      if (reason !== undefined) throw badRequest(reason);
    }
    const body = view(execution, { created: true });
    await queue.add(execution);
    const fault = context.faults.strike(['request-timeout-after-create', 'create-answer-lost'], {
      ...occasionOf(execution),
      path: request.originalUrl,
      method: 'POST',
    });
    if (fault?.name === 'create-answer-lost') return void request.socket.destroy();
    if (fault) return answer(response, { message: 'Endpoint request timed out' }, MEDIA.json, 504);
    answer(response, body, MEDIA.executions);
  });

  router.get('/:executionId', (request, response) => {
    queue.advance();
    answer(
      response,
      view(found(context, request), { includeWorkflow: flag(request.query.includeWorkflow, 'includeWorkflow') }),
      MEDIA.executions,
    );
  });

  router.put('/:executionId', async (request, response) => {
    const execution = found(context, request);
    const body = await readJson(request);
    const status = asText(body.status, 'status');
    if (status !== undefined && status !== 'CANCELLED') throw badRequest(`Invalid status '${status}'. Only CANCELLED is allowed.`);
    if (status === 'CANCELLED' && !(await queue.cancel(execution))) {
      throw badRequest(`Execution with ID ${execution.id} cannot be cancelled because its status is ${execution.status}.`);
    }
    answer(response, {}, MEDIA.executions);
  });

  /** In the guide, not in the specification: taking an execution off the queue. */
  router.delete('/:executionId', async (request, response) => {
    const execution = found(context, request);
    if (!(await queue.cancel(execution)))
      throw badRequest(`Execution with ID ${execution.id} cannot be cancelled because its status is ${execution.status}.`);
    answer(response, {}, MEDIA.executions);
  });

  router.get('/:executionId/downloadUrls', async (request, response) => {
    queue.advance();
    const execution = found(context, request);
    const files = execution.status === 'SUCCEEDED' ? await countResultFiles(context.database.owner, execution.id) : 0;
    if (files === 0) throw badRequest(`Execution with ID ${execution.id} is unavailable for download.`);
    const occasion = { ...occasionOf(execution), path: request.originalUrl, method: 'GET' };
    if (context.faults.strike(['empty-download-urls'], occasion))
      return answer(response, { downloadUrls: [], metadataDownloadUrls: [] }, MEDIA.executions);
    const origin = originOf(request);
    const urls = (kind: string, count: number): string[] =>
      Array.from({ length: count }, (_, index) => signedUrl(context, origin, execution, `${kind}-${index + 1}`));
    answer(response, { downloadUrls: urls('part', files), metadataDownloadUrls: urls('metadata', 1) }, MEDIA.executions);
  });

  return router;
}

/** Where the client found the sandbox, as it says itself. */
function originOf(request: Request): string {
  const origin = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  if (!URL.canParse(origin)) throw badRequest('Invalid Host header.');
  return origin;
}

/** What a fault may be aimed at. */
const occasionOf = ({ workflow, instanceId, window }: Execution) => ({
  workflowId: workflow.workflowId,
  instanceId,
  windowStart: window.startOriginal,
});

function found(context: SandboxContext, request: Request): Execution {
  const instance = instanceOf(request);
  const id = String(request.params.executionId);
  const execution = context.queue.executions.get(id);
  if (!execution || execution.instanceId !== instance.instanceId) throw new AmcError(404, `Execution with ID ${id} does not exist.`);
  return execution;
}

/** By workflow or by time of creation, one of the two; newest first unless asked otherwise; cancelled ones only on demand. */
function list(context: SandboxContext, request: Request): { executions: Execution[]; nextToken?: string } {
  const { instanceId } = instanceOf(request);
  const { query } = request;
  const workflowId = first(query.workflowId)?.replace(/\/+$/, '');
  const zone = queryTimeZone(query.timeZone);
  const from = queryTime(query.minCreationTime, 'minCreationTime');
  const to = queryTime(query.maxCreationTime, 'maxCreationTime');
  if (workflowId === undefined && from === undefined) throw badRequest('Either workflowId or minCreationTime is required.');
  const ascending = flag(query.sortAscending, 'sortAscending');
  const cancelled = flag(query.includeCancelled, 'includeCancelled');
  const limit = asInteger(first(query.limit), 'limit', { min: 1, max: 100 }) ?? 100;
  const [fromMs, toMs] = [from, to].map((text) => (text === undefined ? undefined : instantOf(text, zone)));
  const after = cursorOf(first(query.nextToken));
  const wall = Date.now();
  const matching = [...context.queue.executions.values()].filter(
    (execution) =>
      execution.instanceId === instanceId &&
      (workflowId === undefined || execution.workflow.workflowId === workflowId) &&
      // Amazon tells creation to the second; so it must not hide one of the second asked for.
      (fromMs === undefined || Math.floor(execution.createdAt / 1000) * 1000 >= fromMs) &&
      (toMs === undefined || execution.createdAt <= toMs) &&
      (cancelled || execution.status !== 'CANCELLED') &&
      (execution.listedFromWall === undefined || wall >= execution.listedFromWall) &&
      (after === undefined || (ascending ? execution.sequence > after : execution.sequence < after)),
  );
  matching.sort((one, other) => (ascending ? one.sequence - other.sequence : other.sequence - one.sequence));
  const executions = matching.slice(0, limit);
  const last = executions.at(-1);
  return { executions, ...(matching.length > limit && last && { nextToken: Buffer.from(`after:${last.sequence}`).toString('base64url') }) };
}

function cursorOf(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const sequence = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (sequence === undefined) throw badRequest('Invalid nextToken.');
  return Number(sequence);
}
