import { Router } from 'express';
import type { SandboxContext } from '../context.ts';
import {
  deleteSchedule,
  insertSchedule,
  listSchedules,
  replaceSchedule,
  WEEKDAYS,
  type Schedule,
  type StoredSchedule,
} from '../execution/schedule-store.ts';
import { findWorkflow } from '../execution/workflow-store.ts';
import { AmcError, badRequest } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';
import { instanceOf } from './authorise.ts';
import { asBoolean, asInteger, asText, readJson, type Fields } from './body.ts';
import { page } from './page.ts';

/** Schedules (reference/amc.md §3.6); execution/schedules.ts fires them. */
export function scheduleRoutes(context: SandboxContext): Router {
  const router = Router({ mergeParams: true });
  const { owner } = context.database;

  router.get('/', async (request, response) => {
    const { items, nextToken } = page(await listSchedules(owner, instanceOf(request).instanceId), request.query);
    answer(response, { schedules: items.map(shown), nextToken }, MEDIA.schedules);
  });

  router.post('/', async (request, response) => {
    const { instanceId } = instanceOf(request);
    const body = await readJson(request);
    const scheduleId = asText(body.scheduleId, 'scheduleId') ?? '';
    const schedule = await scheduleOf(context, instanceId, scheduleId, body);
    if (!(await insertSchedule(owner, instanceId, schedule, context.clock.now())))
      throw badRequest(`Schedule with ID ${scheduleId} already exists.`);
    answer(response, {}, MEDIA.octets);
  });

  router.get('/:scheduleId', async (request, response) => {
    const schedule = (await listSchedules(owner, instanceOf(request).instanceId)).find(
      (one) => one.scheduleId === request.params.scheduleId,
    );
    if (!schedule) throw missing(request.params.scheduleId);
    answer(response, context.behaviour.wrapped ? { schedule: shown(schedule) } : shown(schedule), MEDIA.schedules);
  });

  router.put('/:scheduleId', async (request, response) => {
    const { instanceId } = instanceOf(request);
    const schedule = await scheduleOf(context, instanceId, request.params.scheduleId, await readJson(request));
    if (!(await replaceSchedule(owner, instanceId, schedule))) throw missing(request.params.scheduleId);
    answer(response, {}, MEDIA.schedules);
  });

  router.delete('/:scheduleId', async (request, response) => {
    if (!(await deleteSchedule(owner, instanceOf(request).instanceId, request.params.scheduleId))) throw missing(request.params.scheduleId);
    answer(response, {}, MEDIA.schedules);
  });

  return router;
}

const missing = (scheduleId: string): AmcError => new AmcError(404, `Schedule with ID ${scheduleId} does not exist.`);

const shown = ({ instanceId: _, checkedAt: __, ...schedule }: StoredSchedule): Schedule => schedule;

async function scheduleOf(context: SandboxContext, instanceId: string, scheduleId: string, body: Fields): Promise<Schedule> {
  if (!/^[A-Za-z0-9._-]{1,256}$/.test(scheduleId)) throw badRequest(`Invalid scheduleId '${scheduleId}'.`);
  const workflowId = asText(body.workflowId, 'workflowId') ?? '';
  if (!(await findWorkflow(context.database.owner, instanceId, workflowId)))
    throw badRequest(`Workflow with ID ${workflowId} does not exist.`);
  const period = asText(body.aggregationPeriod, 'aggregationPeriod');
  if (period !== 'Daily' && period !== 'Weekly')
    throw badRequest(`Invalid aggregationPeriod '${period ?? ''}'. Valid values: Daily, Weekly.`);
  const day = asText(body.aggregationStartDay, 'aggregationStartDay');
  const known = WEEKDAYS.find((weekday) => weekday === day);
  if (day !== undefined && !known) throw badRequest(`Invalid aggregationStartDay '${day}'. Valid values: ${WEEKDAYS.join(', ')}.`);
  const startDay = known ?? WEEKDAYS[context.clock.now().getUTCDay()];
  const synthetic = asBoolean(body.requireSyntheticData, 'requireSyntheticData');
  const open = asBoolean(body.disableAggregationControls, 'disableAggregationControls');
  return {
    scheduleId,
    workflowId,
    aggregationPeriod: period,
    aggregationHourUtc: asInteger(body.aggregationHourUtc, 'aggregationHourUtc', { min: 0, max: 23 }) ?? 0,
    ...(period === 'Weekly' && startDay && { aggregationStartDay: startDay }),
    scheduleEnabled: asBoolean(body.scheduleEnabled, 'scheduleEnabled') ?? true,
    ...(synthetic !== undefined && { requireSyntheticData: synthetic }),
    ...(open !== undefined && { disableAggregationControls: open }),
  };
}
