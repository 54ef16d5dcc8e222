import type { CrashPoint } from '@amc-reports/collector-service/ground/crash-point.ts';
import type { CollectSettings } from '@amc-reports/collector-service/engine/collect/settings.ts';
import { firstHeld, importRequest, WEEKS, type Stage } from './stage.ts';
import { runsOf, type RunRow } from './runs.ts';
import { spawnStep, spawnWorker, type CrashAction, type WorkerProcess } from './spawn-worker.ts';

/** How the story ends when nothing is lost: every week collected; what was served kept and the new file held; the collection stopped. */
export type Ending = 'collected' | 'held' | 'stopped';

export interface Scenario {
  /** Leads to where a worker will come by the point; makes the collection. */
  prepare(stage: Stage): Promise<string>;
  /** Starts the process that the crash strikes. */
  victim(stage: Stage, point: CrashPoint, action: CrashAction): Promise<WorkerProcess>;
  /** What the database must show after the crash: proof that it struck there and not somewhere else. */
  evidence(runs: RunRow[], bought: number): boolean;
  ending: Ending;
  /** Executions paid for in all. */
  bought: number;
  /** What a person does again when the command died; the rest goes on by itself. */
  repeat?(stage: Stage): Promise<void>;
}

/**
 * One step of a kind at a time, so that the process has one thing in hand when it is struck, and short leases. A busy machine may cost
 * it a lease in the middle of a create request: the second look comes late enough to find what that bought.
 */
const VICTIM: Partial<CollectSettings> = { apiSteps: 1, mergeSteps: 1, leaseMs: 1_000, secondLookMs: 1_200_000 };

const worker =
  (settings: Partial<CollectSettings> = {}): Scenario['victim'] =>
  (stage, point, action) =>
    spawnWorker(stage.bench.database.url, { ...VICTIM, ...settings }, point, action);

const planned = async ({ bench }: Stage): Promise<string> => (await bench.collect(WEEKS)).id;

/** Another worker died at the point before. */
const afterCrashAt =
  (point: CrashPoint): Scenario['prepare'] =>
  async (stage) => {
    const id = await planned(stage);
    await (
      await spawnWorker(stage.bench.database.url, VICTIM, point)
    ).ended;
    return id;
  };

/** The weeks are served from other files, and every week is asked for again. */
const served =
  (files: 'altered' | 'longer'): Scenario['prepare'] =>
  async (stage) => {
    const id = await planned(stage);
    await stage.import(stage.play.files[files]);
    await stage.again(id);
    return id;
  };

/** Downloads take long enough for leases to be renewed meanwhile. */
const slowDownloads: Scenario['prepare'] = async (stage) => {
  await stage.play.sandbox.addFault({ name: 'slow', seconds: 0.5, count: 2, match: { path: '/results/' } });
  return planned(stage);
};

const rejected: Scenario['prepare'] = async (stage) => {
  const id = await planned(stage);
  await stage.bench.skipValidation(id);
  await stage.play.sandbox.addFault({ name: 'rejected', count: WEEKS, reason: 'because' });
  return id;
};

/** Amazon forbids the first execution, once. */
const forbidden: Scenario['prepare'] = async (stage) => {
  const id = await planned(stage);
  await stage.bench.skipValidation(id);
  await stage.play.sandbox.addFault({ name: 'forbidden', match: { path: '/workflowExecutions', method: 'POST' } });
  return id;
};

/** Amazon forbade it for long, and no longer does. */
const forbiddenBefore: Scenario['prepare'] = async ({ bench }) => {
  const { id } = await bench.collect(WEEKS);
  await bench.query(`UPDATE report_data_collections SET state = 'stopped', stopped_at = now(), stop_reason = 'It was forbidden.'`);
  await bench.query(
    `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at) VALUES ($1, 'create', 'amc_forbidden', 'It was forbidden.', now())`,
    id,
  );
  return id;
};

/** The real files contradict what is served and are held. */
const held: Scenario['prepare'] = async (stage) => {
  const id = await served('longer')(stage);
  await stage.bench.work(async () => (await runsOf(stage.bench)).every((run) => run.state === 'held'));
  return id;
};

/** A person has accepted them, and they wait to be merged. */
const accepted: Scenario['prepare'] = async (stage) => {
  const id = await held(stage);
  await stage.acceptHeld();
  return id;
};

const some = (condition: (run: RunRow) => boolean) => (runs: RunRow[]) => runs.some(condition);
const inHand = (state: string) => some((run) => run.state === state && run.leased);
/** In a merge, and nothing of it to be seen. */
const merging = some((run) => run.state === 'merging' && run.leased && run.facts === 0);
const mergingAgain = some((run) => run.state === 'merging' && run.leased && run.facts > 0);

const collecting = (evidence: Scenario['evidence'], more: Partial<Scenario> = {}): Scenario => ({
  prepare: planned,
  victim: worker(),
  evidence,
  ending: 'collected',
  bought: WEEKS,
  ...more,
});
const restating: Partial<Scenario> = { prepare: served('altered') };

/** How each crash point is reached and what must come of it. Points of other deeds (migrate.test.ts and the like) are not here. */
export const SCENARIOS = {
  'claim.beforeCommit': collecting((runs) => runs.every((run) => run.state === 'planned' && !run.leased)),
  'claim.after': collecting(some((run) => run.state === 'creating' && !run.attempted && run.leased)),
  'create.beforeSend': collecting(
    (runs, bought) => bought === 0 && runs.some((run) => run.state === 'creating' && run.attempted && run.execution === null),
  ),
  'create.afterSend': collecting(
    (runs, bought) =>
      bought > runs.filter((run) => run.execution !== null).length && runs.some((run) => run.state === 'creating' && run.attempted),
  ),
  'create.afterStored': collecting(some((run) => run.state === 'running' && run.execution !== null && !run.leased)),
  'adopt.afterFirstLook': collecting(
    some((run) => run.state === 'creating' && run.looked && run.execution === null),
    { prepare: afterCrashAt('create.beforeSend') },
  ),
  'adopt.found': collecting(
    (runs, bought) =>
      bought > runs.filter((run) => run.execution !== null).length && runs.some((run) => run.state === 'creating' && run.leased),
    { prepare: afterCrashAt('create.afterSend') },
  ),
  'poll.beforeList': collecting(inHand('running')),
  'poll.afterList': collecting(inHand('running')),
  'poll.beforeCommit': collecting(inHand('running')),
  'poll.afterStored': collecting(some((run) => ['running', 'downloading'].includes(run.state) && run.execution !== null && !run.leased)),
  'validate.afterSaved': collecting((runs, bought) => bought === 0 && runs.every((run) => run.state === 'planned')),
  'validate.beforeCommit': collecting((runs, bought) => bought === 0 && runs.every((run) => run.state === 'planned')),
  // The rejection and the stop are one transaction: nothing of either is seen.
  'stop.beforeCommit': collecting((runs) => inHand('running')(runs) && runs.every((run) => run.state !== 'failed'), {
    prepare: rejected,
    ending: 'stopped',
    victim: worker({ instanceLimit: 1 }),
  }),
  // The week is back in line and the refusal noted; whether it was a slip is not known yet.
  'refused.noted': collecting((runs, bought) => bought === 0 && runs.every((run) => run.state === 'planned' && !run.leased), {
    prepare: forbidden,
  }),
  'heal.beforeCommit': collecting((runs, bought) => bought === 0 && runs.every((run) => run.state === 'planned'), {
    prepare: forbiddenBefore,
  }),
  'lease.beforeRenewal': collecting(
    some((run) => run.state !== 'done'),
    { prepare: slowDownloads, victim: worker({ leaseMs: 400 }) },
  ),
  'lease.afterRenewal': collecting(
    some((run) => run.state !== 'done'),
    { prepare: slowDownloads, victim: worker({ leaseMs: 400 }) },
  ),
  'download.beforeUrls': collecting(inHand('downloading')),
  'download.afterUrls': collecting(inHand('downloading')),
  'download.insidePart': collecting(inHand('downloading')),
  'download.received': collecting(inHand('downloading')),
  'download.afterPart': collecting(inHand('downloading')),
  'merge.before': collecting(merging),
  'merge.insideCopy': collecting(merging),
  'merge.afterStaging': collecting(merging),
  'merge.afterInsert': collecting(merging),
  'merge.afterDelete': collecting(mergingAgain, restating),
  'merge.afterUpsert': collecting(mergingAgain, restating),
  'merge.afterRollUp': collecting(merging),
  'merge.beforeFile': collecting(mergingAgain, restating),
  'merge.afterFile': collecting(merging),
  'merge.beforeCommit': collecting(merging),
  'merge.afterCommit': collecting(some((run) => run.state === 'done' && run.facts > 0)),
  'hold.beforeCommit': collecting(mergingAgain, { prepare: served('longer'), ending: 'held' }),
  // Every week is done, and compared by the next worker if it has not been.
  'lookback.beforeCommit': collecting((runs) => runs.every((run) => run.state === 'done' && run.facts > 0)),
  'lookback.afterCommit': collecting((runs) => runs.every((run) => run.state === 'done' && run.facts > 0)),
  'decide.beforeCommit': collecting(
    some((run) => run.state === 'held'),
    {
      prepare: held,
      victim: async ({ bench }, point, action) =>
        spawnStep('step-process.ts', ['accept', bench.database.url, JSON.stringify(await firstHeld(bench))], point, action),
      repeat: (stage) => stage.acceptHeld(),
    },
  ),
  'accept.afterRead': collecting(
    some((run) => run.state === 'downloading' && run.leased && run.facts > 0),
    { prepare: accepted },
  ),
  'import.beforeCommit': collecting((runs) => runs.every((run) => run.state === 'planned' && run.facts === 0), {
    victim: ({ bench, play }, point, action) =>
      spawnStep(
        'step-process.ts',
        ['import', bench.database.url, JSON.stringify({ workspaceId: bench.database.workspaceId, ...importRequest(play.files.real) })],
        point,
        action,
      ),
    bought: 0,
    repeat: (stage) => stage.import(stage.play.files.real),
  }),
} satisfies Partial<Record<CrashPoint, Scenario>> as Partial<Record<CrashPoint, Scenario>>;
