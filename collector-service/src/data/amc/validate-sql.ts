import { setTimeout as sleep } from 'node:timers/promises';
import { CollectorError } from '../../contract/error.ts';
import type { AmcClient } from './client.ts';
import type { DryRun } from './executions.ts';
import { raced } from './raced.ts';
import type { AmcInstanceRef } from './transport.ts';

export interface ValidateOptions {
  /** Between two looks at the dry run, in milliseconds. */
  readonly pollMs: number;
  /** How long Amazon may take, in milliseconds. */
  readonly deadlineMs: number;
}

const DEFAULTS: ValidateOptions = { pollMs: 2_000, deadlineMs: 10 * 60_000 };

/**
 * Resolves when Amazon accepted the SQL. Costs nothing: a dry run computes and stores no result.
 * @throws CollectorError execution_rejected with Amazon's reason, amc_rejected_request when it was refused at once,
 *   execution_overdue when Amazon does not decide in time
 */
export async function validateSql(
  client: AmcClient,
  instance: AmcInstanceRef,
  dryRun: DryRun,
  signal: AbortSignal,
  options: ValidateOptions = DEFAULTS,
): Promise<void> {
  const until = performance.now() + options.deadlineMs;
  let execution = await client.executions.dryRun(instance, dryRun, signal);
  while (execution.outcome === 'open') {
    if (performance.now() >= until) {
      throw new CollectorError('execution_overdue', 'Amazon has not validated the SQL in time; try again later.');
    }
    await raced(sleep(options.pollMs), signal);
    execution = await client.executions.get(instance, execution.executionId, signal);
  }
  if (execution.outcome === 'succeeded') return;
  const reason = execution.statusReason || 'Amazon gives no reason; an undeclared parameter or an unknown table is the usual one.';
  throw new CollectorError('execution_rejected', `Amazon does not accept the SQL (${execution.status}): ${reason}`, {
    details: { reason: execution.statusReason, status: execution.status },
  });
}
