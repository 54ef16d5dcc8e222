import { Router, type Request } from 'express';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { utcDay } from '../events/day.ts';
import { incidentsBetween } from '../events/incidents.ts';
import { firstDayOfHistory } from '../events/load.ts';
import type { Execution } from '../execution/record.ts';
import { fireSchedules } from '../execution/schedules.ts';
import { AmcError, badRequest } from '../wire/amc-error.ts';
import { readJson } from '../wire/body.ts';
import { executionView } from '../wire/execution-view.ts';
import { isSameSecret } from '../wire/same-secret.ts';
import { behaviourSchema } from './behaviour.ts';
import { FAULTS } from './faults.ts';

const DAY_MS = 86_400_000;
/** At one step. A clock that is past all dates would be remembered over restarts. */
const MOST_DAYS_AHEAD = 3660;

/** /sandbox/…: what a test or a person does to the sandbox that no client of Amazon's could. */
export function controlRoutes(context: SandboxContext): Router {
  const router = Router();
  router.use((request, _response, next) => {
    if (!mayControl(context, request))
      throw new AmcError(403, 'The /sandbox routes answer to this machine only, or to the header x-sandbox-admin with the admin token.');
    next();
  });

  router.get('/faults', (_request, response) => void response.json({ known: FAULTS, faults: context.faults.list }));
  router.post(
    '/faults',
    async (request, response) => void response.json(parsed((input) => context.faults.add(input), await readJson(request))),
  );
  router.delete('/faults{/:id}', (request, response) => {
    context.faults.clear(request.params.id === undefined ? undefined : Number(request.params.id));
    response.json({ faults: context.faults.list });
  });

  router.get('/behaviour', (_request, response) => void response.json(context.behaviour));
  router.post('/behaviour', async (request, response) => {
    const body = await readJson(request);
    // null takes a knob back to its default.
    const wanted = Object.fromEntries(Object.entries({ ...context.behaviour, ...body }).filter(([, value]) => value !== null));
    context.behaviour = parsed((input) => behaviourSchema.parse(input), wanted);
    response.json(context.behaviour);
  });

  const clock = () => ({ now: context.clock.now().toISOString(), offsetMs: context.clock.offset, timeFactor: context.timeFactor });
  router.get('/clock', (_request, response) => void response.json(clock()));
  router.post('/clock', async (request, response) => {
    const schema = z.strictObject({
      advanceMs: z
        .number()
        .min(0)
        .max(MOST_DAYS_AHEAD * DAY_MS)
        .optional(),
      advanceDays: z.number().min(0).max(MOST_DAYS_AHEAD).optional(),
      timeFactor: z.number().positive().optional(),
    });
    const change = parsed((input) => schema.parse(input), await readJson(request));
    if (change.timeFactor !== undefined) context.timeFactor = change.timeFactor;
    await context.clock.advance((change.advanceMs ?? 0) + (change.advanceDays ?? 0) * DAY_MS);
    const extended = await context.extendEvents();
    await fireSchedules(context);
    context.queue.advance();
    response.json({ ...clock(), daysMade: extended.days });
  });

  router.get('/executions', (_request, response) => {
    context.queue.advance();
    response.json({ executions: [...context.queue.executions.values()].map(detail) });
  });
  router.get('/stats', (_request, response) => void response.json(statistics(context)));
  router.get('/incidents', (_request, response) => {
    const now = context.clock.now();
    response.json({ incidents: incidentsBetween(firstDayOfHistory(now), utcDay(now)) });
  });
  return router;
}

/** Loopback, or the token: in a container network every neighbour could reach the port. */
function mayControl(context: SandboxContext, request: Request): boolean {
  const offered = request.get('x-sandbox-admin');
  if (offered !== undefined) return isSameSecret(offered, context.adminToken);
  const address = request.socket.remoteAddress ?? '';
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function parsed<T>(parse: (input: unknown) => T, input: unknown): T {
  try {
    return parse(input);
  } catch (error) {
    if (error instanceof z.ZodError) throw badRequest(z.prettifyError(error));
    throw error;
  }
}

const detail = (execution: Execution) => ({
  ...executionView(execution, { includeWorkflow: false }),
  instanceId: execution.instanceId,
  asOf: `${execution.asOf.replace(' ', 'T')}Z`,
  dryRun: execution.dryRun,
  suppressedRows: execution.suppressedRows,
  totalRows: execution.totalRows,
});

/** `purchases`: how often each (instance, workflow, window, parameters) was bought; more than once is what a client must avoid. */
function statistics(context: SandboxContext) {
  const purchases = new Map<
    string,
    {
      instanceId: string;
      workflowId: string;
      timeWindowStart: string;
      timeWindowEnd: string;
      parameterValues: unknown;
      creates: number;
      executionIds: string[];
    }
  >();
  for (const execution of context.queue.executions.values()) {
    if (execution.dryRun) continue;
    const { instanceId, window, parameterValues } = execution;
    const what = {
      instanceId,
      workflowId: execution.workflow.workflowId,
      timeWindowStart: window.startOriginal ?? window.startUtc,
      timeWindowEnd: window.endOriginal ?? window.endUtc,
      parameterValues,
    };
    const key = JSON.stringify(what);
    const entry = purchases.get(key) ?? { ...what, creates: 0, executionIds: [] };
    entry.creates++;
    entry.executionIds.push(execution.id);
    purchases.set(key, entry);
  }
  return {
    purchases: [...purchases.values()],
    executions: purchases.size === 0 ? 0 : [...purchases.values()].reduce((sum, entry) => sum + entry.creates, 0),
    dryRuns: [...context.queue.executions.values()].filter((execution) => execution.dryRun).length,
    mostRunning: Object.fromEntries(context.queue.mostRunning),
    mostOpen: Object.fromEntries(context.queue.mostOpen),
    requests: Object.fromEntries(context.statistics.requests),
    tokensIssued: context.statistics.tokensIssued,
    downloads: context.statistics.downloads,
  };
}
