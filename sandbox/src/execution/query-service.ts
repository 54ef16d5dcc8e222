import { createHash } from 'node:crypto';
import { findInstance } from '../account.ts';
import type { Behaviour } from '../control/behaviour.ts';
import { SQL_CONCURRENCY, type SandboxDatabase } from '../database/open.ts';
import type { ParameterValue } from '../sql/dialect.ts';
import { SqlRejected } from '../sql/rejection.ts';
import { checkQuery, runQuery, type CheckedQuery, type QueryRequest, type QueryResult } from '../sql/run.ts';
import { tablesOf } from '../tables/all.ts';
import { csvFiles, csvFormat } from './csv.ts';
import { saveResultFiles } from './execution-store.ts';
import type { Execution, Workflow } from './record.ts';
import { Remembered } from './remembered.ts';
import { Turnstile } from './turnstile.ts';

/** Checked queries kept: a backfill sends the same SQL for every week. */
const CACHE_SIZE = 200;

/** Some ten megabytes of results: a few weeks of the shipped datasets. */
const RESULTS_KEPT = 12;
const ROWS_KEPT = 3_000;

/** What an execution's query is judged and run with. */
export class QueryService {
  private readonly database: SandboxDatabase;
  private readonly behaviour: () => Behaviour;
  private readonly turnstile = new Turnstile(SQL_CONCURRENCY);
  private readonly checked = new Map<string, Promise<CheckedQuery>>();
  private readonly results = new Remembered<QueryResult>(RESULTS_KEPT, ({ rows }) => rows.length <= ROWS_KEPT);

  constructor(database: SandboxDatabase, behaviour: () => Behaviour) {
    this.database = database;
    this.behaviour = behaviour;
  }

  /** Why Amazon would reject it, or undefined; fills in the output columns. */
  async validate(execution: Execution): Promise<string | undefined> {
    try {
      const checked = await this.check(execution);
      execution.output = checked.output;
      const declared = execution.workflow.outputColumns?.map((column) => column.name.toLowerCase());
      const actual = checked.output.map((column) => column.name.toLowerCase());
      if (declared && declared.join() !== actual.join()) {
        return `Output columns of the query (${actual.join(', ')}) do not match outputColumns of the workflow (${declared.join(', ')})`;
      }
      return undefined;
    } catch (error) {
      if (error instanceof SqlRejected) return error.message;
      throw error;
    }
  }

  async compute(execution: Execution): Promise<void> {
    // Amazon's own caution (reference/amc.md §6): controls off on anything but synthetic data means no output at all.
    const dry = execution.disableAggregationControls && !execution.requireSyntheticData;
    const checked = await this.check(execution);
    const request = requestOf(execution);
    const question = JSON.stringify([
      execution.instanceId,
      { ...request, parameters: [...request.parameters], view: { ...request.view, tables: null } },
    ]);
    const result = await this.results.get(question, () => this.turnstile.run(() => runQuery(this.database.reader, request, checked)));
    execution.output = result.output;
    execution.suppressedRows = result.suppressedRows;
    execution.totalRows = result.totalRows;
    if (execution.skipPublish || dry) return;
    const behaviour = this.behaviour();
    const rows = execution.window.empty ? [] : result.rows;
    const files = csvFiles({ output: result.output, rows }, csvFormat(execution.workflow.outputFormat, behaviour), {
      seed: execution.id,
      parts: behaviour.resultFiles,
    });
    await saveResultFiles(this.database.owner, execution.id, files);
  }

  private check(execution: Execution): Promise<CheckedQuery> {
    const request = requestOf(execution);
    const key = keyOf(execution, request);
    let checked = this.checked.get(key);
    if (!checked) {
      checked = this.turnstile.run(() => checkQuery(this.database.reader, request));
      this.checked.set(key, checked);
      checked.catch(() => this.checked.delete(key));
      const [oldest] = this.checked.keys();
      if (this.checked.size > CACHE_SIZE && oldest !== undefined) this.checked.delete(oldest);
    }
    return checked;
  }
}

const sqlTime = (utc: string): string => utc.replace('T', ' ');

function requestOf(execution: Execution): QueryRequest {
  const instance = findInstance(execution.instanceId);
  if (!instance) throw new Error(`Unknown instance ${execution.instanceId}`);
  const { workflow } = execution;
  return {
    sql: workflow.sqlQuery,
    windowStart: sqlTime(execution.window.startUtc),
    windowEnd: sqlTime(execution.window.endUtc),
    now: execution.asOf,
    parameters: parametersOf(workflow, execution.parameterValues),
    open: execution.disableAggregationControls && execution.requireSyntheticData,
    view: {
      tables: tablesOf(instance),
      advertisers: execution.advertiserKeys,
      display: instance.advertiserTypes.includes('DISPLAY'),
      historyStart: execution.historyStart,
    },
    privacy: {
      behaviour: workflow.privacyFilteringBehavior ?? 'REMOVE_ROWS',
      open: execution.disableAggregationControls && execution.requireSyntheticData,
      ...(workflow.filteredMetricsDiscriminatorColumn && { discriminatorColumn: workflow.filteredMetricsDiscriminatorColumn }),
      ...(workflow.distinctUserCountColumn && { distinctUserCountColumn: workflow.distinctUserCountColumn }),
      ...(workflow.filteredReasonColumn && { filteredReasonColumn: workflow.filteredReasonColumn }),
    },
  };
}

export function parametersOf(workflow: Workflow, values: Readonly<Record<string, unknown>>): Map<string, ParameterValue> {
  return new Map(
    (workflow.inputParameters ?? []).map((parameter) => {
      const type = parameter.dataType;
      const dataType = (type !== null && typeof type === 'object' ? 'ARRAY' : type) as ParameterValue['dataType'];
      const given = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
      return [parameter.name, { dataType, value: given ?? parameter.defaultValue }];
    }),
  );
}

/** Weeks share a check unless the SQL itself speaks of the window or of today. */
function keyOf(execution: Execution, request: QueryRequest): string {
  const timely = /built_in_parameter|'\s*(today|now|yesterday|tomorrow)|current_|localtime/i.test(request.sql);
  const parts = [
    execution.instanceId,
    request.sql,
    request.open,
    [...request.parameters],
    timely ? [request.windowStart, request.windowEnd, request.now] : null,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
