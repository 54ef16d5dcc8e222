import type { Execution } from '../execution/record.ts';

const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const HOUR_MS = 3_600_000;

/**
 * An execution as Amazon shows it: the object of a captured answer (reference/amc.md §3.2, §3.3).
 * @param created the answer to creating it, which for other windows than EXPLICIT does not tell the window yet
 */
export function executionView(
  execution: Execution,
  options: { includeWorkflow?: boolean; created?: boolean } = {},
): Record<string, unknown> {
  const { window } = execution;
  const explicit = window.type === 'EXPLICIT';
  const done = execution.status === 'SUCCEEDED';
  return {
    createTime: instant(execution.createdAt),
    dataGaps: [],
    disableAggregationControls: execution.disableAggregationControls,
    dryRun: execution.dryRun || undefined,
    executionCategory: 'AD_HOC',
    expireTime: instant(execution.createdAt + 24 * HOUR_MS),
    ignoreDataGaps: false,
    lastUpdatedTime: instant(execution.updatedAt),
    parameterValues: execution.parameterValues,
    requireSyntheticData: execution.requireSyntheticData || undefined,
    status: execution.status,
    statusReason: execution.statusReason,
    timeWindowType: explicit ? undefined : window.type,
    ...(explicit || !options.created ? { timeWindowStart: `${window.startUtc}Z`, timeWindowEnd: `${window.endUtc}Z` } : {}),
    timeWindowStartOriginal: window.startOriginal,
    timeWindowEndOriginal: window.endOriginal,
    timeWindowTimeZoneOriginal: window.zone,
    waitUntil: instant(execution.createdAt - HOUR_MS),
    workflowExecutionId: execution.id,
    workflowExecutionTimeoutSeconds: execution.timeoutSeconds,
    workflowId: execution.workflow.workflowId,
    ...(execution.validatedAt !== undefined && { validatedTime: new Date(execution.validatedAt).toISOString() }),
    ...(done && {
      availableTimeBeforeWindowSecs: 0,
      executionTime: execution.executionSeconds ?? 0,
      invalidationOffsetSecs: 266_400,
      outputColumns: execution.output,
      outputS3URI: 'N/A',
    }),
    ...(options.includeWorkflow && { sqlQuery: execution.workflow.sqlQuery }),
  };
}
