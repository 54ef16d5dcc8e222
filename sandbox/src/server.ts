import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { behaviourSchema, type BehaviourInput } from './control/behaviour.ts';
import { SandboxClock } from './control/clock.ts';
import { Faults, parseFaults, type FaultInput } from './control/faults.ts';
import { RequestStatistics } from './control/statistics.ts';
import type { SandboxContext, SandboxLogger } from './context.ts';
import { openDatabase } from './database/open.ts';
import { loadMissingDays } from './events/load.ts';
import { fireSchedules } from './execution/schedules.ts';
import { QueryService } from './execution/query-service.ts';
import { ExecutionQueue } from './execution/queue.ts';
import { loadParser } from './sql/parse.ts';
import { sandboxApp } from './wire/app.ts';
import { Tokens } from './wire/tokens.ts';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** A superuser's URL of a PostgreSQL server that is the sandbox's own; never the one that holds anything dear. */
  databaseUrl: string;
  /** The database it makes there; default amc_sandbox. */
  databaseName?: string;
  /** Chooses the events; default 1. */
  seed?: number;
  /** Calendar clock. */
  now: () => Date;
  /** Durations of executions are divided by it; default 1, which is Amazon's pace of almost three minutes. */
  timeFactor?: number;
  /** Days of events; default 13 months. */
  historyDays?: number;
  /** A list, or text as in SANDBOX_FAULTS, which is the default. */
  faults?: string | readonly FaultInput[];
  behaviour?: BehaviourInput;
  /** For /sandbox routes from other machines; default a random one. */
  adminToken?: string;
  logger?: SandboxLogger;
}

export interface Sandbox {
  /** http://host:port, the base URL of the API and, with /auth/o2/token, of the token service. */
  readonly url: string;
  readonly port: number;
  readonly adminToken: string;
  /** What making the events took at this start. */
  readonly generated: { readonly days: number; readonly milliseconds: number };
  /** Stops the server and waits for what is being computed; executions go on at the next start. */
  close(): Promise<void>;
}

/** How often the calendar is looked at for new days and due schedules. */
const TICK_MS = 30_000;

const SILENT: SandboxLogger = { info: () => {}, warn: () => {}, error: () => {} };

/** An AMC on this machine: the same HTTP API over synthetic events (docs/sandbox.md). */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const logger = options.logger ?? SILENT;
  const seed = options.seed ?? 1;
  const faults = new Faults();
  const wanted = options.faults ?? process.env.SANDBOX_FAULTS;
  for (const fault of typeof wanted === 'object' ? wanted : parseFaults(wanted)) faults.add(fault);
  const behaviour = behaviourSchema.parse(options.behaviour ?? {});
  await loadParser();
  const database = await openDatabase(options.databaseUrl, seed, options.databaseName);
  try {
    const clock = new SandboxClock(options.now, database.owner);
    await clock.load();
    let extending: Promise<{ days: number; milliseconds: number }> = Promise.resolve({ days: 0, milliseconds: 0 });
    // One after the other: two callers at midnight must not make the same day twice.
    const extendEvents = (): Promise<{ days: number; milliseconds: number }> =>
      (extending = extending
        .catch(() => undefined)
        .then(() =>
          loadMissingDays(database.owner, {
            seed,
            now: clock.now(),
            ...(options.historyDays !== undefined && { historyDays: options.historyDays }),
          }),
        ));
    const generated = await extendEvents();
    if (generated.days > 0) logger.info(generated, 'Sandbox events made');

    const queries: QueryService = new QueryService(database, () => context.behaviour);
    const queue = new ExecutionQueue({
      database,
      timeFactor: () => context.timeFactor,
      limits: () => context.behaviour,
      now: clock.now,
      validate: (execution) => queries.validate(execution),
      compute: (execution) => queries.compute(execution),
      onError: (error, execution) => logger.warn({ err: error, executionId: execution.id }, 'Sandbox execution did not work'),
    });
    const context: SandboxContext = {
      database,
      clock,
      queue,
      queries,
      faults,
      tokens: new Tokens(clock.now),
      statistics: new RequestStatistics(),
      logger,
      urlKey: randomBytes(32),
      adminToken: options.adminToken ?? randomBytes(24).toString('base64url'),
      behaviour,
      timeFactor: options.timeFactor ?? 1,
      extendEvents,
    };
    await queue.load();
    const server = createServer(sandboxApp(context));
    const { port, host } = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
    let ticking: Promise<void> = Promise.resolve();
    const timer = setInterval(() => {
      ticking = extendEvents()
        .then(() => fireSchedules(context))
        .catch((error: unknown) => logger.error({ err: error }, 'Sandbox could not keep up with its calendar'));
    }, TICK_MS);
    timer.unref();
    const url = `http://${host}:${port}`;
    logger.info({ url, timeFactor: context.timeFactor }, 'Sandbox listens');
    return {
      url,
      port,
      adminToken: context.adminToken,
      generated,
      close: async () => {
        clearInterval(timer);
        await ticking;
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
        await queue.close();
        await extending.catch(() => undefined);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function listen(server: Server, host: string, port: number): Promise<{ port: number; host: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // An address to call, not to listen on.
      const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
      resolve({ port: (server.address() as AddressInfo).port, host: reachable });
    });
  });
}
