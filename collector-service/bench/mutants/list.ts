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
const PARTIAL_WEEKS = 'engine/collect/import/partial-weeks.test.ts';
const CLAIM = 'engine/collect/claim.test.ts';
const REFUSALS = 'engine/collect/faults/refusals.test.ts';
const CLOCK_JUMPS = 'engine/collect/faults/clock-jumps.test.ts';
const CRASH = 'engine/collect/crash/crash.test.ts';
const LOOK_BACK = 'engine/collect/look-back.test.ts';
const CONTAINERS = 'data/store/embedded/containers.test.ts';
const SUPERVISED = 'data/store/embedded/supervised.test.ts';
const TAKEOVER = 'engine/collect/crash/takeover.test.ts';
const DRILL = 'product/backup/drill.test.ts';
const BACKUP = 'product/backup/backup.test.ts';

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
    search: 'WHERE instance_id = $1 AND week = $2 AND row_key IN',
    replace: 'WHERE instance_id = $1 AND $2::date IS NOT NULL AND row_key IN',
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
    name: 'a part of a week is imported as the whole',
    file: 'engine/collect/import/import-week.ts',
    search: 'if (missing.length === 0) {',
    replace: 'if (missing.length <= 7) {',
    caughtBy: { file: PARTIAL_WEEKS, tests: 'first and last weeks wait' },
  },
  {
    name: 'a day that was imported again is there twice',
    file: 'engine/collect/import/whole-week.ts',
    search: 'days.some((each) => taken.includes(each)) ?',
    replace: 'days.length > 7 ?',
    caughtBy: { file: PARTIAL_WEEKS, tests: 'two parts hold' },
  },
  {
    name: 'a part takes the place of a week that is to be bought',
    file: 'engine/collect/import/merge-one.ts',
    search: 'const run = await newRun(tx, collectionId, instanceId, week);',
    replace: 'const run = await takeRun(tx, collectionId, instanceId, week);',
    caughtBy: { file: PARTIAL_WEEKS, tests: 'that a collection is to buy' },
  },
  {
    name: 'ids that a spreadsheet rounded are taken',
    file: 'engine/collect/import/damage.ts',
    search: 'const [first] = found;',
    replace: 'const [first] = found.filter(({ arguable }) => !arguable);',
    caughtBy: { file: 'engine/collect/import/damage.test.ts', tests: 'scientific notation' },
  },
  {
    name: 'sums that no roll-up can hold are not looked for',
    file: 'data/store/merge/summary.ts',
    search: '|| BigInt(whole) <= LARGEST_BIGINT',
    replace: '|| BigInt(whole) >= 0n',
    caughtBy: { file: 'engine/collect/import/foreign-files.test.ts', tests: 'near 2' },
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
    search: '[execution.id, execution.status, pollInMs, execution.createdAt ?? null],\n  );',
    replace: '[execution.id, execution.status, pollInMs, execution.createdAt ?? null],\n  );\n  await freeSlots(tx, run.id);',
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
    search: 'await begin(store.readers, tx, READ_ONLY, scopeSettings(instanceIds, timeoutMs, grouping));',
    replace:
      'const begun = begin(store.readers, tx, READ_ONLY, scopeSettings(instanceIds, timeoutMs, grouping));\n      begun.catch(() => undefined);',
    caughtBy: { file: 'data/store/scope.test.ts', tests: 'nothing is asked' },
  },
  {
    name: 'the server is not told which of its processes to cancel',
    file: 'data/store/transaction-pool.ts',
    search: 'as unknown as { processID: number }).processID',
    replace: 'as unknown as { processId: number }).processId',
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
    name: 'a restored week buys without looking for what was bought since',
    file: 'engine/collect/create.ts',
    search: 'if (run.lookSince !== null) return recover(deps, run, run.lookSince, signal);',
    replace: '',
    caughtBy: { file: DRILL },
  },
  {
    name: 'fences go on after a restore where they were',
    file: 'product/backup/statements/runs.ts',
    search: 'fence = fence + $2,',
    replace: 'fence = fence + 0 * $2,',
    caughtBy: { file: DRILL },
  },
  {
    name: 'a back-up reads each table at another moment',
    file: 'product/backup/backup.ts',
    search: "isolation: 'repeatable read',",
    replace: "isolation: 'read committed',",
    caughtBy: { file: BACKUP, tests: 'one moment' },
  },
  {
    name: 'ids are given out twice after a restore',
    file: 'product/backup/restore.ts',
    search: 'if (newest > 0n) await',
    replace: 'if (newest < 0n) await',
    caughtBy: { file: BACKUP, tests: 'ids go on' },
  },
  {
    name: 'a half restored database is started on',
    file: 'data/store/migrate.ts',
    search: 'await refuseHalfRestored(db);',
    replace: '',
    caughtBy: { file: 'engine/collect/crash/deeds.test.ts', tests: 'restore.insideTable' },
  },
  {
    name: 'policies that speak of another owner count as there',
    file: 'data/store/protection.ts',
    search: "AND (me.sees_all OR role = 0 OR pg_has_role(current_user, role, 'USAGE'))",
    replace: '',
    caughtBy: { file: 'data/store/protection.test.ts', tests: 'by another owner' },
  },
  {
    name: 'a suspicious week is asked again each time it is held',
    file: 'engine/collect/statements/ask-again.ts',
    search: ' AND asked_again_run_id IS NULL FOR UPDATE',
    replace: ' FOR UPDATE',
    caughtBy: { file: LOOK_BACK, tests: 'held and asked again' },
  },
  {
    name: 'an imported week is asked again, too',
    file: 'engine/collect/look-back.ts',
    search: 'week.results === 1 && ',
    replace: '',
    caughtBy: { file: LOOK_BACK, tests: 'imported week' },
  },
  {
    name: 'a week that is odd on one side only is odd',
    file: 'data/store/merge/quality-neighbours.ts',
    search: '[Math.min(...usual, Math.max(...newest)), ',
    replace: '[Math.max(...usual), ',
    caughtBy: { file: 'data/store/merge/quality-neighbours.test.ts', tests: 'first weeks of a new advertiser' },
  },
  {
    name: 'a month’s end rolls over into the month after',
    file: 'ground/calendar/week.ts',
    search: 'Math.min(Number(date.slice(8)), daysBetween(first, nextMonth(first))) - 1',
    replace: 'Number(date.slice(8)) - 1',
    caughtBy: { file: 'ground/calendar/week.test.ts', tests: 'month’s end' },
  },
  {
    name: 'a collection with weeks out of reach is complete',
    file: 'engine/collect/collections/present.ts',
    search: 'weeksOutOfReach + weeksSetAside > 0',
    replace: 'weeksSetAside > 0',
    caughtBy: { file: 'engine/collect/worker.test.ts', tests: 'no longer has' },
  },
  {
    name: 'conditions reach runs that are held for other rules as well',
    file: 'product/review/statements/questions.ts',
    search: 'h.rules = ARRAY[$7]',
    replace: '$7 = ANY (h.rules) OR true',
    caughtBy: { file: 'product/review/decide-many.test.ts', tests: 'conditions choose|one question' },
  },
  {
    name: 'a directory in use is taken all the same',
    file: 'data/store/embedded/kernel-lock.ts',
    search: 'taken = tryLock(descriptor);',
    replace: 'tryLock(descriptor);\n    taken = true;',
    caughtBy: { file: CONTAINERS, tests: 'two containers' },
  },
  {
    name: 'the server does not hold its own lock',
    file: 'data/store/embedded/server.ts',
    search: 'log.output.fd, log.output.fd, lock]',
    replace: "log.output.fd, log.output.fd, lock > 0 ? 'ignore' : lock]",
    caughtBy: { file: CONTAINERS, tests: 'whose collector was killed' },
  },
  {
    name: 'a server that ended stays away',
    file: 'data/store/embedded/supervise.ts',
    search: 'server = await startAgain(reason);',
    replace: 'server = attempt < 0 ? await startAgain(reason) : undefined;',
    caughtBy: { file: SUPERVISED, tests: 'started again at the same address' },
  },
  {
    name: 'a server that dies after each start has its attempts back each time',
    file: 'data/store/embedded/supervise.ts',
    search: '>= STEADY_MS',
    replace: '>= 0 * STEADY_MS',
    caughtBy: { file: SUPERVISED, tests: 'not started for ever' },
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
  {
    name: 'the totals of a week add up its levels',
    file: 'data/store/merge/summary.ts',
    search: 'groups.filter(({ level }) => level === totalsLevel(input.dataset)?.name),',
    replace: 'groups,',
    caughtBy: { file: 'data/store/merge/levels.test.ts', tests: 'totals of a week' },
  },
  {
    name: 'the weeks within one month are in its table as well',
    file: 'data/store/merge/roll-up.ts',
    search: "if (grain === 'month' && !inTwoMonths) return 'false';",
    replace: '',
    caughtBy: { file: 'data/store/merge/levels.test.ts', tests: 'roll-ups are made' },
  },
  {
    name: 'a range is the days it has in UTC',
    file: 'engine/query/ask/ask.ts',
    search: 'localDays(range, request.timeZone)',
    replace: "localDays(range, 'UTC')",
    caughtBy: { file: 'engine/query/ranges.test.ts', tests: 'by day Monday to Sunday' },
  },
  {
    name: 'what Amazon hid is ranked like a campaign',
    file: 'engine/query/cells/cells.ts',
    search: 'const conditions = [...(isRestCell === null ? [] : [`NOT ${isRestCell}`]), ...passes];',
    replace: 'const conditions = [...passes];',
    caughtBy: { file: 'engine/query/cells/members.test.ts', tests: 'stands after a top n' },
  },
  {
    name: 'a currency chosen leaves counts alone',
    file: 'engine/query/cells/rows.ts',
    search: 'conditions.push(...accountConditions(question, parameters));',
    replace: '',
    caughtBy: { file: 'engine/query/metrics/currency.test.ts', tests: 'counts are theirs too' },
  },
  {
    name: 'an advertiser accounts wherever it sold something',
    file: 'engine/query/plan/accounts.ts',
    search: 'const accounts = found.filter(([instance, advertiser, , pays]) => pays || !paying.has(`${instance} ${advertiser}`));',
    replace: 'const accounts = [...found];',
    caughtBy: { file: 'engine/query/metrics/currency.test.ts', tests: 'counts are theirs too' },
  },
  {
    name: 'a moving average begins with fewer points than it says',
    file: 'engine/query/metrics/over-buckets.ts',
    search: 'window.length < points',
    replace: 'window.length < 1',
    caughtBy: { file: 'engine/query/metrics/language.test.ts', tests: 'moving average' },
  },
];
