import { join } from 'node:path';
import type { Logger } from 'pino';
import { readConfig, type Config } from '../../ground/config.ts';
import { CollectorError } from '../../contract/error.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { openFoundation, type Foundation } from '../../foundation.ts';
import { Lifecycle } from '../../ground/lifecycle.ts';
import { createLogger } from '../../ground/telemetry/log.ts';
import { provisioningEnvironment } from './provisioning-environment.ts';

/** The project's folder, which relative paths of the configuration start from. */
export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

/** EX_TEMPFAIL of sysexits.h: nothing is wrong with what was asked, and the same command may work later. For supervisors. */
const EXIT_TRY_LATER = 75;
const TRY_LATER = new Set<ErrorCode>(['database_unavailable', 'disk_full']);

export interface CommandContext {
  config: Config;
  logger: Logger;
  lifecycle: Lifecycle;
  /** Aborts at the first Ctrl-C or SIGTERM, and when a part of the process cannot go on. */
  signal: AbortSignal;
  out(text: string): void;
}

/**
 * Runs a command: configuration, log, orderly stop. A CollectorError is a sentence for the reader, printed as it is; anything else
 * is a bug and comes with its stack. Resolves to the exit code.
 */
export async function runCommand(work: (context: CommandContext) => Promise<number>, options: { logLevel?: string } = {}): Promise<number> {
  let lifecycle: Lifecycle | undefined;
  const release = stopSignal();
  try {
    const config = readConfig(process.env, ROOT);
    const logger = createLogger(process.env.LOG_LEVEL ? config.logLevel : (options.logLevel ?? config.logLevel));
    lifecycle = new Lifecycle(logger);
    const signal = AbortSignal.any([release.signal, lifecycle.failed]);
    const code = await work({ config, logger, lifecycle, signal, out: (text) => void process.stdout.write(`${text}\n`) });
    lifecycle.failed.throwIfAborted();
    return code;
  } catch (error) {
    if (release.signal.aborted) return 130;
    return tell(lifecycle?.failed.aborted ? lifecycle.failed.reason : error);
  } finally {
    await lifecycle?.stop();
    release.remove();
  }
}

/** Says what went wrong, and returns the exit code for it. */
function tell(error: unknown): number {
  const bug = `This is a bug in AMC Reports: ${error instanceof Error ? error.stack : String(error)}`;
  process.stderr.write(`${error instanceof CollectorError ? error.message : bug}\n`);
  const mayPass = error instanceof CollectorError && error.kind === 'transient' && TRY_LATER.has(error.code);
  return mayPass ? EXIT_TRY_LATER : 1;
}

/** A command over the database: opens the foundation, as the log level `warn` unless told, since its output is for a person. */
export const runOnDatabase = (work: (foundation: Foundation, context: CommandContext) => Promise<number>): Promise<number> =>
  runCommand(
    async (context) => {
      const foundation = await openFoundation({ ...context, env: provisioningEnvironment(context.config, process.env) });
      return work(foundation, context);
    },
    { logLevel: 'warn' },
  );

/** The first Ctrl-C asks for an orderly stop, the second one leaves at once. */
function stopSignal(): { signal: AbortSignal; remove(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new CollectorError('internal', 'Stopped.', { kind: 'transient' }));
  };
  const names = ['SIGINT', 'SIGTERM'] as const;
  for (const name of names) process.on(name, onSignal);
  return { signal: controller.signal, remove: () => names.forEach((name) => process.off(name, onSignal)) };
}

/** Resolves when the signal aborts. */
export const untilStopped = (signal: AbortSignal): Promise<void> =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
