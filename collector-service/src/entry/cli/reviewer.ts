import { userInfo } from 'node:os';
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { workspaceInstances } from '../../foundation.ts';
import type { ReviewContext } from '../../product/review/context.ts';
import { commandContext } from './context.ts';
import { invalidOptions } from './invalid-options.ts';
import { COMMAND_LINE } from './recorded.ts';
import { runOnDatabase } from './run.ts';

/** Runs a command about held runs or rules; decisions are on record under the person's name. Sets the exit code: what the work says, else 0. */
export async function review(
  as: string | undefined,
  work: (ctx: ReviewContext, out: (text: string) => void) => Promise<number | void>,
): Promise<void> {
  process.exitCode = await runOnDatabase(async (foundation, { signal, out }) => {
    const instanceIds = (await workspaceInstances(foundation)).map(({ id }) => id);
    const scope = { workspaceId: foundation.workspaceId, instanceIds };
    return (await work({ ...commandContext(foundation, signal, as ?? systemUser()), scope }, out)) ?? 0;
  });
}

/** A process in a container may run as a user without a name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return COMMAND_LINE;
  }
}

/** Options as the API's contract reads them. @throws CollectorError invalid_request with every mistake */
export function parseOptions<S extends z.ZodType>(schema: S, options: z.input<S>): z.output<S> {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw invalidOptions(parsed.error);
  return parsed.data;
}

export function runIdArgument(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('must be the number of a run; see collector held list.');
  return text;
}

/** '5' and '5%' are 0.05. */
export function percentArgument(text: string): number {
  const share = Number(/^(\d+(?:\.\d+)?) ?%?$/.exec(text)?.[1] ?? Number.NaN) / 100;
  if (!(share > 0 && share <= 1)) throw new InvalidArgumentError('must be a percentage above 0 and up to 100.');
  return share;
}

export function wholeNumberArgument(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
}
