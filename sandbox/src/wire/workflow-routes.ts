import { Router } from 'express';
import type { SandboxContext } from '../context.ts';
import { listSchedules } from '../execution/schedule-store.ts';
import { deleteWorkflow, findWorkflow, insertWorkflow, listWorkflows, replaceWorkflow } from '../execution/workflow-store.ts';
import { AmcError, badRequest } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';
import { instanceOf } from './authorise.ts';
import { readJson } from './body.ts';
import { page } from './page.ts';
import { checkedWorkflowId, workflowOf } from './workflow-definition.ts';

/** Saved workflows (reference/amc.md §3.1). */
export function workflowRoutes(context: SandboxContext): Router {
  const router = Router({ mergeParams: true });
  const { owner } = context.database;

  router.get('/', async (request, response) => {
    const { items, nextToken } = page(await listWorkflows(owner, instanceOf(request).instanceId), request.query);
    answer(response, { workflows: items, nextToken }, MEDIA.workflows);
  });

  router.post('/', async (request, response) => {
    const instance = instanceOf(request);
    const body = await readJson(request);
    const workflow = workflowOf(body, checkedWorkflowId(body.workflowId));
    if (!(await insertWorkflow(owner, instance.instanceId, workflow)))
      throw badRequest(`Workflow with ID ${workflow.workflowId} already exists.`);
    answer(response, {}, MEDIA.octets);
  });

  router.get('/:workflowId', async (request, response) => {
    const workflow = await findWorkflow(owner, instanceOf(request).instanceId, request.params.workflowId);
    if (!workflow) throw missing(request.params.workflowId);
    answer(response, context.behaviour.wrapped ? { workflow } : workflow, MEDIA.workflows);
  });

  router.put('/:workflowId', async (request, response) => {
    const workflow = workflowOf(await readJson(request), request.params.workflowId);
    if (!(await replaceWorkflow(owner, instanceOf(request).instanceId, workflow))) throw missing(request.params.workflowId);
    answer(response, {}, MEDIA.workflows);
  });

  router.delete('/:workflowId', async (request, response) => {
    const { instanceId } = instanceOf(request);
    const { workflowId } = request.params;
    const schedules = await listSchedules(owner, instanceId);
    if (schedules.some((schedule) => schedule.workflowId === workflowId)) {
      throw badRequest(`Workflow with ID ${workflowId} cannot be deleted because it is used by a schedule.`);
    }
    if (!(await deleteWorkflow(owner, instanceId, workflowId))) throw missing(workflowId);
    answer(response, {}, MEDIA.workflows);
  });

  return router;
}

const missing = (workflowId: string): AmcError => new AmcError(404, `Workflow with ID ${workflowId} does not exist.`);
