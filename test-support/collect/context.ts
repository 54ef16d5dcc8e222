import type { Clock } from '@amc-reports/collector-service/ground/calendar/clock.ts';
import type { PlanContext } from '@amc-reports/collector-service/engine/collect/collections/plan.ts';
import { SILENT, type CollectDatabase } from './database.ts';

export interface TestContextOptions {
  clock?: Clock;
  actor?: string;
  /** Ours; all of the workspace when left out. */
  instanceIds?: readonly string[];
}

/** What a use-case takes, for whoever a test lets act. */
export const testContext = (
  { store, catalogue, workspaceId }: Pick<CollectDatabase, 'store' | 'catalogue' | 'workspaceId'>,
  { clock = () => new Date(), actor = 'ada', instanceIds }: TestContextOptions = {},
): PlanContext => ({
  store,
  catalogue,
  clock,
  logger: SILENT,
  scope: { workspaceId, instanceIds: instanceIds ?? null },
  actor,
  signal: new AbortController().signal,
});
