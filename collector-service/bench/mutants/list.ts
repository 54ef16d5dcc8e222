/** One small mistake somebody might make, and the tests that must notice it. */
export interface Mutant {
  /** What the mistake does. */
  name: string;
  /** Below collector-service/src. */
  file: string;
  /** Must occur, and once unless `everywhere`; otherwise the source has changed and the mutant has to follow. */
  search: string;
  replace: string;
  everywhere?: boolean;
  /** Test files below collector-service/src with a pattern of test names. */
  caughtBy: { file: string; tests?: string };
}

const ALL_OR_NOTHING = 'data/store/merge/all-or-nothing.test.ts';
const MERGE_WEEK = 'data/store/merge/merge-week.test.ts';
const CLAIM = 'engine/collect/claim.test.ts';
const REFUSALS = 'engine/collect/faults/refusals.test.ts';
const CLOCK_JUMPS = 'engine/collect/faults/clock-jumps.test.ts';
const CRASH = 'engine/collect/crash/crash.test.ts';
const TAKEOVER = 'engine/collect/crash/takeover.test.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the merge commits without asking for its fence',
    file: 'data/store/merge/fence.ts',
    search: `if (!(await findRun(tx, held, 'FOR UPDATE'))) throw lostFence(held);`,
    replace: `await findRun(tx, held, 'FOR UPDATE');`,
    caughtBy: { file: ALL_OR_NOTHING, tests: 'taken over' },
  },
  {
    name: 'the last look at the fence takes no lock',
    file: 'data/store/merge/fence.ts',
    search: `findRun(tx, held, 'FOR UPDATE')`,
    replace: `findRun(tx, held, '')`,
    caughtBy: { file: ALL_OR_NOTHING, tests: 'nobody can take the run' },
  },
  {
    name: 'steps write without their fence',
    file: 'engine/collect/statements/transitions.ts',
    search: 'WHERE id = $1 AND fence = $2 AND state = $3',
    replace: 'WHERE id = $1 AND $2::bigint IS NOT NULL AND state = $3',
    caughtBy: { file: CLAIM, tests: 'late worker' },
  },
  {
    name: 'a claim does not raise the fence',
    file: 'engine/collect/statements/claims.ts',
    search: 'fence = r.fence + 1',
    replace: 'fence = r.fence + 0',
    caughtBy: { file: CLAIM, tests: 'higher fence' },
  },
  {
    name: 'the rows commit in a transaction of their own, before the run is done',
    file: 'engine/collect/merge.ts',
    search: 'await mergeOrRefuse(tx, input)',
    replace: 'await deps.store.transaction((own) => mergeOrRefuse(own, input))',
    caughtBy: { file: CRASH, tests: 'merge.beforeCommit' },
  },
  {
    name: 'equal rows are written again',
    file: 'data/store/merge/compare.ts',
    search: 'OR s.row_key IS NULL OR ${differing',
    replace: 'OR s.row_key IS NULL OR true OR ${differing',
    caughtBy: { file: MERGE_WEEK, tests: 'rewrites only the rows that differ' },
  },
  {
    name: 'equal rows in another order count as a change',
    file: 'data/store/merge/merge-week.ts',
    search: 'served.checksum === staged.checksum',
    replace: 'served.checksum === null',
    caughtBy: { file: MERGE_WEEK, tests: 'in another order' },
  },
  {
    name: 'as many rows count as the same rows',
    file: 'data/store/merge/merge-week.ts',
    search: '&& served.checksum === staged.checksum',
    replace: '',
    caughtBy: { file: MERGE_WEEK, tests: 'values swapped' },
  },
  {
    name: 'all merges share one staging table',
    file: 'data/store/merge/stage.ts',
    search: "`CREATE TEMPORARY TABLE ${STAGED} (${columns.join(', ')}) ON COMMIT DROP`",
    replace: "`CREATE UNLOGGED TABLE IF NOT EXISTS ${STAGED} (${columns.join(', ')}); TRUNCATE ${STAGED}`",
    caughtBy: { file: ALL_OR_NOTHING, tests: 'overlapping transactions' },
  },
  {
    name: 'rows that vanished stay',
    file: 'data/store/merge/apply.ts',
    search: 'if (change.rowsVanished > 0) await deleteVanished(tx, input);',
    replace: '',
    caughtBy: { file: MERGE_WEEK, tests: 'restated week' },
  },
  {
    name: 'vanished rows are deleted in every week',
    file: 'data/store/merge/apply.ts',
    search: 'WHERE f.instance_id = $1 AND f.week = $2 AND NOT EXISTS',
    replace: 'WHERE f.instance_id = $1 AND $2::date IS NOT NULL AND NOT EXISTS',
    caughtBy: { file: MERGE_WEEK, tests: 'neighbouring week' },
  },
  {
    name: 'two runs of a week may merge at once',
    file: 'data/store/merge/served-week.ts',
    search: 'AND week = $4 FOR UPDATE',
    replace: 'AND week = $4',
    caughtBy: { file: ALL_OR_NOTHING, tests: 'two runs of a served week' },
  },
  {
    name: 'rows with one key are not looked for in a restated week',
    file: 'data/store/merge/compare.ts',
    search: 'if (addedKeys < added || staged.rows - added !== rowsBefore - vanished) {',
    replace: 'if (addedKeys < 0) {',
    caughtBy: { file: 'data/store/merge/quality-values.test.ts', tests: 'duplicate keys' },
  },
  {
    name: 'rows that look wrong by themselves are not looked for',
    file: 'data/store/merge/quality-values.ts',
    search: 'const suspects = pieces.suspicious ? ',
    replace: 'const suspects = pieces.suspicious === undefined ? ',
    caughtBy: { file: 'data/store/merge/quality-values.test.ts', tests: 'numbers below 0' },
  },
  {
    name: 'objections are not listened to',
    file: 'data/store/merge/merge-week.ts',
    search: 'if (change !== undefined && objections.length === 0)',
    replace: 'if (change !== undefined)',
    caughtBy: { file: CRASH, tests: 'hold.beforeCommit' },
  },
  {
    name: 'roll-ups are left as they were',
    file: 'data/store/merge/merge-week.ts',
    search: 'await rollUpWeek(tx, input, change);',
    replace: '',
    caughtBy: { file: MERGE_WEEK, tests: 'in every roll-up' },
  },
  {
    name: 'the accepted file is not kept',
    file: 'data/store/merge/merge-week.ts',
    search: 'await files?.store(tx, input);',
    replace: '',
    caughtBy: { file: ALL_OR_NOTHING, tests: 'kept byte for byte' },
  },
  {
    name: 'an execution whose answer was lost is bought again instead of looked for',
    file: 'engine/collect/create.ts',
    search: 'if (run.createAttemptedAt !== null) return recover(',
    replace: 'if (run.createAttemptedAt !== null && run.attempt < 0) return recover(',
    caughtBy: { file: CRASH, tests: 'create.afterSend' },
  },
  {
    name: 'one look is enough to conclude that nothing was bought',
    file: 'engine/collect/create.ts',
    search: 'if (run.lookedAt === null) {',
    replace: 'if (run.lookedAt === undefined) {',
    caughtBy: { file: TAKEOVER, tests: 'second look' },
  },
  {
    name: 'an execution from before the attempt is adopted',
    file: 'engine/collect/adopt.ts',
    search: 'new Date(onAmazonsClock(attemptedAt, deps.clock).getTime() - deps.settings.clockSlackMs)',
    replace: 'new Date(0)',
    caughtBy: { file: TAKEOVER, tests: 'held by nobody' },
  },
  {
    name: 'the attempt to buy is not noted before the request',
    file: 'engine/collect/create.ts',
    search: '  await noteCreateAttempt(tx, run);',
    replace: '',
    caughtBy: { file: CRASH, tests: 'create.beforeSend' },
  },
  {
    name: 'a slot is free again when the lease of its run has ended',
    file: 'engine/collect/statements/claims.ts',
    search: 's.run_id IS NULL',
    replace: '(s.run_id IS NULL OR EXISTS (SELECT FROM week_runs o WHERE o.id = s.run_id AND coalesce(o.lease_until, now()) <= now()))',
    everywhere: true,
    caughtBy: { file: CLAIM, tests: 'slots|limit' },
  },
  {
    name: 'a slot is given back when its execution starts',
    file: 'engine/collect/statements/transitions.ts',
    search: '[execution.id, execution.status, pollInMs],\n  );',
    replace: '[execution.id, execution.status, pollInMs],\n  );\n  await freeSlots(tx, run.id);',
    caughtBy: { file: CLAIM, tests: 'frees slots in the transaction' },
  },
  {
    name: 'a paused collection goes on buying',
    file: 'engine/collect/statements/claims.ts',
    search: `AND c.state = 'running' AND c.validated_at IS NOT NULL`,
    replace: 'AND c.validated_at IS NOT NULL',
    caughtBy: { file: CLAIM, tests: 'paused, stopped or cancelled' },
  },
  {
    name: 'leases are not renewed',
    file: 'engine/collect/lease.ts',
    search: 'renewing ??= renew()',
    replace: 'renewing ??= Promise.resolve()',
    caughtBy: { file: CRASH, tests: 'lease.beforeRenewal' },
  },
  {
    name: 'changes are not announced',
    file: 'engine/collect/write.ts',
    search: 'if (!silent) await announce(tx, [weekChanged(run)]);',
    replace: '',
    caughtBy: { file: 'engine/collect/worker.test.ts', tests: 'from plan to rows' },
  },
  {
    name: 'what became due during a look for work is slept over',
    file: 'engine/collect/statements/next-due.ts',
    search: "`now() - $1::float8 * interval '1 ms'`",
    replace: "`now() - 0 * $1::float8 * interval '1 ms'`",
    caughtBy: { file: 'engine/collect/next-due.test.ts' },
  },
  {
    name: 'a read asks before its role and scope are set',
    file: 'data/store/scope.ts',
    search: 'await tx.query(begin(instanceIds, timeoutMs, grouping));',
    replace: 'const begun = tx.query(begin(instanceIds, timeoutMs, grouping));\n      begun.catch(() => undefined);',
    caughtBy: { file: 'data/store/scope.test.ts', tests: 'nothing is asked' },
  },
  {
    name: 'the server is not told which of its processes to cancel',
    file: 'data/store/cancel.ts',
    search: 'as { processID: number }).processID',
    replace: 'as { processId: number }).processId',
    caughtBy: { file: 'data/store/store.test.ts', tests: 'used again' },
  },
  {
    name: 'a connection that nothing ends is not cut',
    file: 'data/store/cancel.ts',
    search: '.then(() => client.end())',
    replace: '.then(() => undefined)',
    caughtBy: { file: 'data/store/vanished-connection.test.ts', tests: 'is cut' },
  },
  {
    name: 'files are read into one buffer, one over the other',
    file: 'data/resultfile/pieces.ts',
    search: 'yield* createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;',
    replace: `const shared: Buffer = ((globalThis as { shared?: Buffer }).shared ??= Buffer.alloc(PIECE_BYTES));
  for await (const piece of createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    piece.copy(shared);
    yield shared.subarray(0, piece.length);
  }`,
    caughtBy: { file: 'data/store/merge/slow-connection.test.ts', tests: 'keep their own rows' },
  },
  {
    name: 'a file is read into one buffer, piece over piece',
    file: 'data/resultfile/pieces.ts',
    search: 'yield* createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;',
    replace: `const own = Buffer.alloc(PIECE_BYTES);
  for await (const piece of createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    piece.copy(own);
    yield own.subarray(0, piece.length);
  }`,
    caughtBy: { file: 'data/resultfile/pieces.test.ts', tests: 'keeps its bytes' },
  },
  {
    name: 'one odd answer of Amazon stops a collection',
    file: 'engine/collect/refused.ts',
    search: 'lastedMs < scaled(deps.settings.refusalMs, deps.settings) && ',
    replace: 'lastedMs < 0 && ',
    caughtBy: { file: REFUSALS, tests: 'forbids to create an execution by mistake' },
  },
  {
    name: 'what Amazon refuses is asked for again and again meanwhile',
    file: 'engine/collect/statements/claims.ts',
    search: 'AND NOT EXISTS (SELECT FROM collection_refusals f WHERE f.collection_id = c.id AND f.next_try_at > now())',
    replace: '',
    caughtBy: { file: CLAIM, tests: 'just refused' },
  },
  {
    name: 'a clock that contradicts the others may buy',
    file: 'engine/collect/statements/claims.ts',
    search: "AND ${clocksAgree('$3')}",
    replace: 'AND $3::timestamptz IS NOT NULL',
    caughtBy: { file: CLOCK_JUMPS, tests: 'whose clock is two years ahead buys nothing' },
  },
  {
    name: 'an execution is overdue by whatever clock',
    file: 'engine/collect/poll.ts',
    search: ' && (await readClocks(store.pool)).agree',
    replace: '',
    caughtBy: { file: CLOCK_JUMPS, tests: 'cancels nothing' },
  },
];
