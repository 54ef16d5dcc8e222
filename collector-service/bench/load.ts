import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { request } from 'undici';
import { addDays, type IsoDate } from '../src/calendar/week.ts';
import { factTable } from '../src/catalogue/tables.ts';
import type { Dataset } from '../src/catalogue/dataset.ts';
import { DEFAULT_SETTINGS } from '../src/collect/settings.ts';
import { spool } from '../src/resultfile/spool.ts';
import { mergeWeek, type MergeResult } from '../src/store/merge/merge-week.ts';
import type { Store } from '../src/store/store.ts';
import { createAccount, type BenchAccount } from './account.ts';
import { serveResults, type ResultServer } from './result-server.ts';

export interface LoadBench {
  store: Store;
  dataset: Dataset;
  /** For files; the caller removes it. */
  directory: string;
  weeks: number;
  rowsPerWeek: number;
  log(line: string): void;
}

export interface Passage {
  weeks: number;
  rows: number;
  seconds: number;
  rowsPerSecond: number;
  msPerWeek: number;
  /** Rows of facts, roll-ups, revisions and stored files inserted, updated or deleted. */
  rowsWritten: number;
  walMb: number;
}

export interface AgainstCopy {
  ratioToCopy: number;
  copyRowsPerSecond: number;
}

export interface LoadFigures {
  /** As the collector works: two merges at once. */
  load: Passage & AgainstCopy & { fileMb: number; peakMb: number };
  /** One week after the other. */
  sequential: Passage & AgainstCopy;
  unchanged: Passage & { walShare: number };
  reordered: Passage & { walShare: number };
  restated: Passage & { ratioToCopy: number };
}

export interface LoadedAccount extends BenchAccount {
  weeks: IsoDate[];
}

const LAST_WEEK = '2026-06-29';
/** How many weeks are restated: what a weekly schedule asks for again while attribution closes. */
const RESTATED_WEEKS = 6;
/** Weeks between two turns of COPY: other work on the machine then falls on both alike. */
const TURN = 4;
const MERGES_AT_ONCE = DEFAULT_SETTINGS.mergeSteps;
const WRITE_FILES = join(import.meta.dirname, 'write-files.ts');

/** Takes generated weeks through download, spool and merge, beside raw COPY of the same rows into a table like the fact table. */
export async function benchLoad(bench: LoadBench): Promise<{ figures: LoadFigures; account: LoadedAccount }> {
  const weeks = Array.from({ length: bench.weeks }, (_, index) => addDays(LAST_WEEK, 7 * (index - bench.weeks + 1)));
  bench.log(`Writing ${bench.weeks} files of ${bench.rowsPerWeek} rows …`);
  await promisify(execFile)(process.execPath, [WRITE_FILES, bench.directory, String(bench.rowsPerWeek), String(RESTATED_WEEKS), ...weeks]);
  const server = await serveResults(bench.directory);
  const account = await createAccount(bench.store, bench.dataset, weeks[0]!, weeks.at(-1)!);
  const run = new LoadRun(bench, server, account);
  try {
    await run.createRawTable();
    bench.log('Collecting one week after the other, copying each …');
    const sequential = await run.measureAgainstCopy(weeks, 1);
    await run.forgetWeeks();
    bench.log('Collecting two weeks at once, copying them …');
    const load = await run.measureAgainstCopy(weeks, MERGES_AT_ONCE);
    const peakMb = process.resourceUsage().maxRSS / 1024;
    const fileMb = run.fileBytes / 1e6;
    bench.log('The same weeks again: unchanged, reordered and restated …');
    const unchanged = await run.measure(weeks, 1, 'week');
    const late = weeks.slice(-RESTATED_WEEKS);
    const reordered = await run.measure(late, 1, 'reordered');
    const restated = await run.measure(late, 1, 'restated');
    const perWeek = (passage: Passage): number => passage.walMb / passage.weeks;
    return {
      figures: {
        load: { ...load, fileMb, peakMb },
        sequential,
        unchanged: { ...unchanged, walShare: perWeek(unchanged) / perWeek(load) },
        reordered: { ...reordered, walShare: perWeek(reordered) / perWeek(load) },
        restated: { ...restated, ratioToCopy: restated.rowsPerSecond / sequential.copyRowsPerSecond },
      },
      account: { ...account, weeks },
    };
  } finally {
    await server.close();
  }
}

class LoadRun {
  readonly #bench: LoadBench;
  readonly #server: ResultServer;
  readonly #account: BenchAccount;
  /** Bytes of the files of the last passage. */
  fileBytes = 0;

  constructor(bench: LoadBench, server: ResultServer, account: BenchAccount) {
    this.#bench = bench;
    this.#server = server;
    this.#account = account;
  }

  /** The path every week takes: download, spool, one transaction. */
  async #collect(week: IsoDate, file: string): Promise<MergeResult> {
    const { store, dataset, directory } = this.#bench;
    const held = await this.#account.claimRun(week);
    const signal = AbortSignal.timeout(600_000);
    const response = await request(this.#server.urlOf(file), { signal });
    const target = { directory: join(directory, 'spool'), name: `run-${held.runId}.csv` };
    const part = await spool(
      response.body,
      target,
      { contentLength: Number(response.headers['content-length']), escape: 'doubled' },
      signal,
    );
    this.fileBytes += part.bytes;
    return store.transaction(async (tx) => {
      const result = await mergeWeek(tx, { dataset, instanceId: this.#account.instanceId, week, ...held, parts: [part] });
      await tx.query(`UPDATE week_runs SET state = 'done', finished_at = now() WHERE id = $1`, [held.runId]);
      return result;
    });
  }

  async measureAgainstCopy(weeks: readonly IsoDate[], atOnce: number): Promise<Passage & AgainstCopy> {
    await this.#bench.store.pool.query('TRUNCATE raw_copy');
    let copySeconds = 0;
    const passage = await this.measure(weeks, atOnce, 'week', async (turn) => {
      for (const week of turn) {
        await this.#exportWeek(week);
        copySeconds += await this.#copyRaw(week);
      }
    });
    return { ...passage, ratioToCopy: copySeconds / passage.seconds, copyRowsPerSecond: passage.rows / copySeconds };
  }

  async measure(
    weeks: readonly IsoDate[],
    atOnce: number,
    kind: string,
    aside?: (turn: readonly IsoDate[]) => Promise<void>,
  ): Promise<Passage> {
    let seconds = 0;
    let walBytes = 0;
    let rowsWritten = 0;
    this.fileBytes = 0;
    const rows = weeks.length * this.#bench.rowsPerWeek;
    for (let at = 0; at < weeks.length; at += TURN) {
      const turn = weeks.slice(at, at + TURN);
      const waiting = [...turn];
      const before = await this.#written();
      const start = performance.now();
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let week = waiting.shift(); week !== undefined; week = waiting.shift()) await this.#collect(week, `${kind}-${week}.csv`);
        }),
      );
      seconds += (performance.now() - start) / 1000;
      const after = await this.#written();
      walBytes += after.wal - before.wal;
      rowsWritten += after.rows - before.rows;
      await aside?.(turn);
    }
    return {
      weeks: weeks.length,
      rows,
      seconds,
      rowsPerSecond: rows / seconds,
      msPerWeek: (seconds * 1000) / weeks.length,
      rowsWritten,
      walMb: walBytes / 1e6,
    };
  }

  async #written(): Promise<{ wal: number; rows: number }> {
    await this.#bench.store.pool.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await this.#bench.store.pool.query<{ wal: string; rows: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS wal,
              (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables
                WHERE relname ~ '^(fact_|rollup_)' OR relname IN ('result_files', 'week_revisions'))::text AS rows`,
    );
    return { wal: Number(rows[0]!.wal), rows: Number(rows[0]!.rows) };
  }

  async createRawTable(): Promise<void> {
    await this.#bench.store.pool.query(`CREATE TABLE raw_copy (LIKE ${factTable(this.#bench.dataset)} INCLUDING ALL)`);
  }

  /** The week's stored rows, in the order of the result file, as a file that COPY can take back as it is. */
  async #exportWeek(week: IsoDate): Promise<void> {
    const { store, dataset, directory } = this.#bench;
    await store.transaction(async (tx) => {
      const rows = tx.query(
        copyTo(
          `COPY (SELECT * FROM ${factTable(dataset)} WHERE week = '${week}' ORDER BY campaign_id, event_date, source) TO STDOUT WITH (FORMAT csv)`,
        ),
      );
      await pipeline(rows, createWriteStream(join(directory, `raw-${week}.csv`)));
    });
  }

  /** @returns seconds */
  async #copyRaw(week: IsoDate): Promise<number> {
    const { store, directory } = this.#bench;
    const start = performance.now();
    await store.transaction(async (tx) => {
      await pipeline(
        createReadStream(join(directory, `raw-${week}.csv`), { highWaterMark: 256 * 1024 }),
        tx.query(copyFrom('COPY raw_copy FROM STDIN WITH (FORMAT csv)')),
      );
    });
    return (performance.now() - start) / 1000;
  }

  /** Back to a database that has never seen a week. */
  async forgetWeeks(): Promise<void> {
    const { rows } = await this.#bench.store.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^(fact_|rollup_)'`,
    );
    await this.#bench.store.pool.query(
      `TRUNCATE ${[...rows.map((row) => row.name), 'result_files', 'week_revisions', 'report_data_weeks', 'week_runs'].join(', ')} CASCADE`,
    );
  }
}
