import type pg from 'pg';
import type { ContractRule, QualityRule } from '../../catalogue/quality.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import type { MergeInput, WeekChange } from './input.ts';
import { lockWeek } from './served-week.ts';

/** What a rule has to say about a result. Kept as it is in held_runs.objections and week_runs.notes. */
export interface Finding {
  rule: QualityRule | ContractRule;
  /** A sentence for a person. */
  message: string;
  details?: Record<string, unknown>;
}

/** A result that is not taken: nothing of it was written, and what is served stays. */
export interface Refusal {
  /** At least one, all that were found. */
  objections: Finding[];
  /** It can be read as rows of the dataset, so a person may take it as it is. */
  acceptable: boolean;
  /** What taking it would change; null when that could not be computed. */
  change: WeekChange | null;
  /** The data version it was compared with; '0' while nothing is served. */
  servedVersion: string;
}

const CODES: Partial<Record<Finding['rule'], ErrorCode>> = {
  missing_column: 'result_header',
  renamed_column: 'result_header',
  unusable_column: 'result_header',
  added_columns: 'result_header',
  duplicate_keys: 'result_duplicate_keys',
  zero_rows: 'result_empty',
};

/** The code of the first objection: what a person reads beside the week. */
export const refusalCode = ({ objections }: Pick<Refusal, 'objections'>): ErrorCode => CODES[objections[0]!.rule] ?? 'result_value';

/** All objections in one text, and what became of the week. */
export const refusalMessage = ({ objections, acceptable }: Pick<Refusal, 'objections' | 'acceptable'>): string =>
  `${objections.map(({ message }) => message).join(' ')} ${
    acceptable ? 'The week stays as it was until a person has looked at it.' : 'The file was refused; nothing was changed.'
  }`;

export const refusalError = (refusal: Refusal): CollectorError =>
  new CollectorError(refusalCode(refusal), refusalMessage(refusal), {
    details: { objections: refusal.objections },
  });

const RULES: Partial<Record<ErrorCode, ContractRule>> = { result_duplicate_keys: 'duplicate_keys' };

/** An error about the file as an objection. Says nothing about what became of the week: refusalMessage does. */
export const objectionOf = (error: CollectorError): Finding => ({
  rule: RULES[error.code] ?? (error.details?.days ? 'wrong_week' : error.details?.column ? 'retyped_column' : 'unreadable_file'),
  message: error.message.replace(/ The file was refused; nothing was changed\.$/, ''),
  details: error.details ?? {},
});

export const isAboutTheFile = (error: unknown): error is CollectorError => error instanceof CollectorError && error.kind === 'data';

/** The refusal of a result that was not even scanned to its end. Takes the week for this transaction, as a merge does. */
export async function refuseUnread(tx: pg.PoolClient, input: MergeInput, error: CollectorError): Promise<Refusal> {
  const { dataVersion } = await lockWeek(tx, input);
  return { objections: [objectionOf(error)], acceptable: false, change: null, servedVersion: dataVersion };
}
