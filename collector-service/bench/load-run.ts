import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { IsoDate } from '../src/ground/calendar/week.ts';
import type { Dataset } from '../src/data/catalogue/dataset.ts';
import { factTable } from '../src/data/catalogue/tables.ts';
import { DEFAULT_SETTINGS } from '../src/engine/collect/settings.ts';
import { scanFile, type ScannedPart } from '../src/data/resultfile/spool.ts';
import { mergeWeek } from '../src/data/store/merge/merge-week.ts';
import type { Store } from '../src/data/store/store.ts';
import type { BenchAccount, BenchRun } from './account.ts';

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

export interface LoadRunOptions {
  store: Store;
  dataset: Dataset;
  directory: string;
  rowsPerWeek: number;
  /** How a file is fetched; without this, files are read where they lie, as an import does and as COPY and dlt do. */
  download?: (file: string, name: string, signal: AbortSignal) => Promise<ScannedPart>;
  account: BenchAccount;
}

/** How many weeks are restated: what a weekly schedule asks for again while attribution closes. */
export const RESTATED_WEEKS = 6;
export const MERGES_AT_ONCE = DEFAULT_SETTINGS.mergeSteps;

/**
 * Weeks between two turns of COPY: other work on the machine then falls on both alike. A backfill does not pause every few weeks, and
 * at the end of a turn one merge works alone, so turns are long enough for that to weigh little.
 */
const TURN = 26;

/** Takes generated weeks through scan and merge, as the collector's last step does. */
export class LoadRun {
  readonly #options: LoadRunOptions;
  /** Bytes of the files of the last passage. */
  fileBytes = 0;

  constructor(options: LoadRunOptions) {
    this.#options = options;
  }

  /** The path every week takes: read, hash and scan the file, one transaction. */
  async collect(week: IsoDate, held: BenchRun, file: string): Promise<void> {
    const { store, dataset, account } = this.#options;
    const part = await this.#scan(file, `run-${held.runId}.csv`, AbortSignal.timeout(600_000));
    this.fileBytes += part.bytes;
    await store.transaction(async (tx) => {
      await mergeWeek(tx, { dataset, instanceId: account.instanceId, week, ...held, parts: [part] });
      await tx.query(`UPDATE week_runs SET state = 'done', finished_at = now() WHERE id = $1`, [held.runId]);
    });
  }

  async #scan(file: string, name: string, signal: AbortSignal): Promise<ScannedPart> {
    const { directory, download } = this.#options;
    return download === undefined ? scanFile(join(directory, file), name, { escape: 'doubled' }, signal) : download(file, name, signal);
  }

  /** The same beside raw COPY of the same rows into a table like the fact table, indexes included. */
  async measureAgainstCopy(weeks: readonly IsoDate[], atOnce: number): Promise<Passage & AgainstCopy> {
    const { store, dataset } = this.#options;
    await store.pool.query(`DROP TABLE IF EXISTS raw_copy; CREATE TABLE raw_copy (LIKE ${factTable(dataset)} INCLUDING ALL)`);
    let copySeconds = 0;
    const passage = await this.measure(weeks, atOnce, 'week', async (turn) => {
      for (const week of turn) {
        await this.#exportWeek(week);
        copySeconds += await this.#copyRaw(week);
      }
    });
    return { ...passage, ratioToCopy: copySeconds / passage.seconds, copyRowsPerSecond: passage.rows / copySeconds };
  }

  /** @param kind begins the names of the files (write-files.ts) */
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
    const { account, rowsPerWeek } = this.#options;
    const rows = weeks.length * rowsPerWeek;
    for (let at = 0; at < weeks.length; at += TURN) {
      const turn = weeks.slice(at, at + TURN);
      const runs = await account.claimRuns(turn);
      const waiting = turn.map((week, index) => ({ week, held: runs[index]! }));
      const before = await this.#written();
      const start = performance.now();
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
            await this.collect(next.week, next.held, `${kind}-${next.week}.csv`);
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
    const { pool } = this.#options.store;
    await pool.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await pool.query<{ wal: string; rows: string }>(
      `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS wal,
              (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables
                WHERE relname ~ '^(fact_|rollup_)' OR relname IN ('result_files', 'week_revisions'))::text AS rows`,
    );
    return { wal: Number(rows[0]!.wal), rows: Number(rows[0]!.rows) };
  }

  /** The week's stored rows, in the order of the result file, as a file that COPY can take back as it is. */
  async #exportWeek(week: IsoDate): Promise<void> {
    const { store, dataset, directory } = this.#options;
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
    const { store, directory } = this.#options;
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
    const { pool } = this.#options.store;
    const { rows } = await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^(fact_|rollup_)'`,
    );
    await pool.query(
      `TRUNCATE ${[...rows.map((row) => row.name), 'result_files', 'week_revisions', 'report_data_weeks', 'week_runs'].join(', ')} CASCADE`,
    );
  }
}
