import type { Foundation } from '../../foundation.ts';
import type { PlanContext } from '../../engine/collect/collections/plan.ts';
import type { ScheduleContext } from '../../product/schedule/context.ts';
import { COMMAND_LINE } from './recorded.ts';

/** What a command's use-cases take: it sees the whole workspace, as whoever may open the database does. */
export const commandContext = (foundation: Foundation, signal: AbortSignal, actor = COMMAND_LINE): PlanContext & ScheduleContext => ({
  store: foundation.store,
  catalogue: foundation.catalogue,
  clock: foundation.clock,
  logger: foundation.logger,
  timeFactor: foundation.config.timeFactor,
  scope: { workspaceId: foundation.workspaceId, instanceIds: null },
  actor,
  signal,
});
