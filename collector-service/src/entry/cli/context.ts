import type { Foundation } from '../../foundation.ts';
import { upkeepDeps } from '../../main.ts';
import type { PlanContext } from '../../engine/collect/collections/plan.ts';
import type { ScheduleContext } from '../../product/schedule/context.ts';
import type { UpkeepContext } from '../../product/upkeep/context.ts';
import { COMMAND_LINE } from './recorded.ts';

/** What a command's use-cases take: it sees the whole workspace, as whoever may open the database does. */
export const commandContext = (
  foundation: Foundation,
  signal: AbortSignal,
  actor = COMMAND_LINE,
): PlanContext & ScheduleContext & UpkeepContext => ({
  ...upkeepDeps(foundation),
  timeFactor: foundation.config.timeFactor,
  scope: { workspaceId: foundation.workspaceId, instanceIds: null },
  actor,
  signal,
});
