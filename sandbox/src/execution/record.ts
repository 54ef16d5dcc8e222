import type { OutputColumn } from '../sql/run.ts';
import type { TimeWindow } from './window.ts';

export interface InputParameter {
  readonly name: string;
  readonly dataType: unknown;
  readonly defaultValue?: unknown;
  readonly [other: string]: unknown;
}

/** A workflow as its owner defined it; fields Amazon does not know are not kept. */
export interface Workflow {
  readonly workflowId: string;
  readonly sqlQuery: string;
  readonly inputParameters?: readonly InputParameter[];
  readonly outputColumns?: readonly { name: string; [other: string]: unknown }[];
  readonly outputFormat?: { separatorCharacter?: string; quoteCharacter?: string; escapeCharacter?: string };
  readonly privacyFilteringBehavior?: 'REMOVE_ROWS' | 'REMOVE_VALUES';
  readonly filteredMetricsDiscriminatorColumn?: string;
  readonly distinctUserCountColumn?: string;
  readonly filteredReasonColumn?: string;
  readonly [other: string]: unknown;
}

export type Status = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'REJECTED';
export const isTerminal = (status: Status): boolean => status !== 'PENDING' && status !== 'RUNNING';

/** An execution with all that is needed to go on with it after a restart. Times: `…At` calendar, `…Wall` the machine's clock, in ms. */
export interface Execution {
  readonly id: string;
  /** Order of creation. */
  readonly sequence: number;
  readonly instanceId: string;
  readonly workflow: Workflow;
  readonly window: TimeWindow;
  readonly parameterValues: Readonly<Record<string, unknown>>;
  readonly advertiserKeys: readonly number[];
  readonly timeoutSeconds: number;
  readonly dryRun: boolean;
  readonly skipPublish: boolean;
  readonly disableAggregationControls: boolean;
  readonly requireSyntheticData: boolean;
  readonly createdAt: number;
  readonly createdWall: number;
  /** The instant whose knowledge the result has: UTC, whole hours. */
  readonly asOf: string;
  readonly historyStart: string;
  /** From a fault: how it ends, when lists show it, how much longer it takes. */
  readonly fate?: { status: 'REJECTED' | 'FAILED'; reason: string };
  readonly listedFromWall?: number;
  readonly slowness?: number;
  status: Status;
  statusReason?: string;
  validatedAt?: number;
  startedWall?: number;
  updatedAt: number;
  executionSeconds?: number;
  output?: readonly OutputColumn[];
  suppressedRows?: number;
  totalRows?: number;
  /** SQL is done and its files are stored. */
  computed?: boolean;
  failure?: string;
}
