import { z } from 'zod';
import { NAME_PATTERN } from '../../contract/query.ts';

/**
 * When a result is taken, taken with a note, or held for a person. Every rule has a default that needs no settings; a dataset file
 * may change it under `quality:` at any time, since rules decide nothing about what is stored. docs/datasets.md explains each.
 */
export const SEVERITIES = ['hold', 'warn', 'off'] as const;
export type Severity = (typeof SEVERITIES)[number];

const column = z.string().regex(NAME_PATTERN);
const pair = z.tuple([column, column]);

/** Nothing at all leaves everything at its default. */
const orDefaults = <Rule>(schema: z.ZodType<Rule, object>, given: (value: unknown) => unknown) =>
  z
    .unknown()
    .optional()
    .transform((value) => (given(value) ?? {}) as object)
    .pipe(schema);

/** `rule: off` is short for `rule: { severity: off }`. YAML 1.1 habits make `off` false. */
const rule = <Shape extends z.ZodRawShape>(severity: Severity, settings: Shape) =>
  orDefaults(
    z.strictObject({
      severity: z.enum(SEVERITIES).default(severity).describe("'hold' for a person, 'warn' in a note of the week, or 'off'"),
      ...settings,
    }),
    (value) => (value === 'off' || value === false ? { severity: 'off' } : value),
  );

/** A rule about weeks that are served already: it can mark one, and hold none. */
const markingRule = <Shape extends z.ZodRawShape>(settings: Shape) =>
  orDefaults(
    z.strictObject({
      severity: z.enum(['warn', 'off']).default('warn').describe("'warn': the week is asked again once and marked as doubtful; or 'off'"),
      ...settings,
    }),
    (value) => (value === 'off' || value === false ? { severity: 'off' } : value),
  );

const rulesSchema = z.strictObject({
  added_columns: rule('warn', {}).describe('The file holds columns that the dataset does not know; they are kept in `extra`'),
  negative_values: rule('hold', {
    except: z.array(column).default([]).describe('Number columns that may be negative'),
  }).describe('A number below 0'),
  impossible_values: rule('hold', {
    at_most: z.array(pair).default([]).describe('[clicks, impressions]: the first never exceeds the second'),
    needs: z.array(pair).default([]).describe('[purchases, impressions]: none of the first without any of the second'),
  }).describe('Numbers of the week that contradict each other'),
  unknown_currency: rule('warn', {}).describe("Money in a currency that is not among the instance's"),
  zero_rows: rule('hold', {}).describe('No rows, where rows are served'),
  lost_total: rule('hold', {}).describe('A total, or the money of a currency, fell to 0'),
  vanished_rows: rule('hold', {
    at_most: z.number().min(0).max(1).default(0.5).describe('Share of the served rows that may be gone; 0.5 is half'),
  }).describe('Rows that are served and that the new result lacks'),
  moved_after_final: rule('hold', {
    at_most: z.number().min(0).default(0.02).describe('Move of a total that is taken without a word; 0.02 is 2 %'),
  }).describe('A total moved although the week was final'),
  jump: rule('hold', {
    factor: z.number().gt(1).default(5).describe('A total may be this many times the median of like weeks, or this part of it'),
    weeks: z.int().min(1).max(26).default(8).describe('Like weeks: the nearest that are served'),
    at_least_weeks: z.int().min(2).max(26).default(4).describe('With fewer, nothing is said'),
    at_least: z.number().min(0).default(100).describe('Totals whose median is smaller are not judged'),
  }).describe('A total far from what the weeks around it have'),
  few_rows: markingRule({
    part: z.number().gt(0).lt(1).default(0.6).describe('A week has at least this part of the rows of the weeks before and after it'),
    at_least: z.number().min(1).default(20).describe('Weeks among neighbours with fewer rows are not judged'),
  }).describe('A served week with far fewer rows than the weeks before and after it'),
  missing_days: markingRule({}).describe('A served week without a row of one of its days, where the weeks around it have every day'),
});

export const qualitySchema = orDefaults(rulesSchema, (value) => value);

export type Quality = z.output<typeof rulesSchema>;
export type QualityRule = keyof Quality;

/**
 * What a file must be in any case, whatever a dataset sets: otherwise it cannot be stored as rows of the dataset. A run held for one
 * of these cannot be accepted as it is.
 */
export const CONTRACT_RULES = [
  'missing_column',
  'renamed_column',
  'unusable_column',
  'retyped_column',
  'wrong_week',
  'partial_week',
  'duplicate_keys',
  'unreadable_file',
] as const;
export type ContractRule = (typeof CONTRACT_RULES)[number];

/** Objections that an acceptance rule of a person may waive: those about how far a restatement moved what is served. */
export const WAIVABLE_RULES: readonly QualityRule[] = ['vanished_rows', 'moved_after_final', 'jump'];
