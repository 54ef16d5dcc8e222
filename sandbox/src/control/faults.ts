import { z } from 'zod';

/**
 * Faults by name. Each says how often it strikes (`count` times, then never again; or with a `probability`) and whom
 * (`match`), and counts how often it did, so that a test can prove that it met the fault it asked for.
 */
export const FAULTS = {
  throttle: '429 with Retry-After (`seconds`, default 1)',
  'throttle-bare': '429 without Retry-After',
  'throttle-html': '429 with an HTML body, as a gateway sends it',
  'server-error': '5xx: `status` 500, 502 (HTML) or 504; default 500',
  'dropped-connection': 'the connection ends before an answer, and nothing has happened',
  slow: 'the answer comes `seconds` later (default 5)',
  'token-expired': 'the access token is no longer valid: 401',
  forbidden: '403, nothing done (`reason`)',
  refused: '`status` 400, 404 or 422, nothing done (`reason`); default 400',
  'invalid-grant': 'Login with Amazon gives no token: `invalid_grant`, with `status` 400 (default) or 401',
  'malformed-answer': '200 with half of a JSON document, nothing done',
  'empty-answer': '200 with an empty body, nothing done',
  'empty-download-urls': 'the finished execution has no download URLs: an empty list',
  'request-timeout-after-create': 'the execution is created, the answer is 504 "Endpoint request timed out"',
  'create-answer-lost': 'the execution is created, the connection ends before the answer',
  'listed-late': 'the execution is missing from lists for `seconds` (default 10)',
  rejected: 'the execution ends REJECTED (`reason`)',
  failed: 'the execution ends FAILED (`reason`)',
  differencing: 'the execution ends REJECTED by differencing protection',
  'slow-execution': 'the execution takes `factor` times as long (default 10)',
  'url-expired': 'the download URL answers 403 "Request has expired"',
  'file-truncated': 'the file ends half-way: the connection breaks, or with `silent` Content-Length tells the shortened length',
  'file-truncated-at-row': 'the file ends after half its rows, with a fitting Content-Length',
  'column-added': 'the file has a column more (`column`, default new_column)',
  'column-removed': 'the file lacks a column (`column`, default the last)',
  'column-renamed': 'a column (`column`, default the last) has another name: _renamed is appended',
  'column-retyped': 'a column (`column`, default the last) holds words instead of numbers',
  'columns-reordered': 'the columns come in reverse order',
  'rows-duplicated': 'the first row comes twice',
  'rows-halved': 'the rows of every other value of the column are missing, the same ones at every download',
  'rows-removed': 'the file has its header and no rows',
  'byte-order-mark': 'the file begins with a byte order mark',
} as const;
export type FaultName = keyof typeof FAULTS;

const names = Object.keys(FAULTS) as [FaultName, ...FaultName[]];

export const faultSchema = z.strictObject({
  name: z.enum(names),
  count: z.int().min(1).optional().describe('How often it strikes; without count and probability: once'),
  probability: z.number().min(0).max(1).optional(),
  match: z
    .strictObject({
      path: z.string().optional().describe('Part of the path'),
      method: z.string().optional(),
      workflowId: z.string().optional(),
      instanceId: z.string().optional(),
      windowStart: z.string().optional().describe('Beginning of the timeWindowStart as asked for'),
    })
    .default({}),
  seconds: z.number().positive().optional(),
  status: z.literal([400, 401, 404, 422, 500, 502, 503, 504]).optional(),
  factor: z.number().positive().optional(),
  reason: z.string().optional(),
  silent: z.boolean().optional(),
  column: z.string().optional().describe('Which column of the result file'),
});
export type FaultInput = z.input<typeof faultSchema>;

export interface Fault extends z.output<typeof faultSchema> {
  readonly id: number;
  fired: number;
}

export interface FaultOccasion {
  readonly path: string;
  readonly method: string;
  readonly workflowId?: string | undefined;
  readonly instanceId?: string | undefined;
  readonly windowStart?: string | undefined;
}

export class Faults {
  readonly list: Fault[] = [];
  private lastId = 0;

  add(input: unknown): Fault {
    const parsed = faultSchema.parse(input);
    const fault: Fault = {
      ...parsed,
      id: ++this.lastId,
      fired: 0,
      ...(parsed.count === undefined && parsed.probability === undefined && { count: 1 }),
    };
    this.list.push(fault);
    return fault;
  }

  clear(id?: number): void {
    const kept = id === undefined ? [] : this.list.filter((fault) => fault.id !== id);
    this.list.splice(0, this.list.length, ...kept);
  }

  /** The first of the named faults that strikes on this occasion; it is counted as fired. */
  strike(wanted: readonly FaultName[], occasion: FaultOccasion): Fault | undefined {
    return this.strikeIf(() => true, wanted, occasion);
  }

  strikeIf(applies: (fault: Fault) => boolean, wanted: readonly FaultName[], occasion: FaultOccasion): Fault | undefined {
    const fault = this.list.find((candidate) => wanted.includes(candidate.name) && applies(candidate) && fits(candidate, occasion));
    if (fault) fault.fired++;
    return fault;
  }
}

function fits(fault: Fault, occasion: FaultOccasion): boolean {
  if (fault.count !== undefined && fault.fired >= fault.count) return false;
  const { path, method, workflowId, instanceId, windowStart } = fault.match;
  if (path !== undefined && !occasion.path.includes(path)) return false;
  if (method !== undefined && method.toUpperCase() !== occasion.method) return false;
  if (workflowId !== undefined && workflowId !== occasion.workflowId) return false;
  if (instanceId !== undefined && instanceId !== occasion.instanceId) return false;
  if (windowStart !== undefined && !occasion.windowStart?.startsWith(windowStart)) return false;
  return fault.probability === undefined || Math.random() < fault.probability;
}

/** SANDBOX_FAULTS: JSON (one fault or a list), or `name:count,name:count`. @throws when it is neither */
export function parseFaults(text: string | undefined): FaultInput[] {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return [];
  if (/^[[{]/.test(trimmed)) {
    const parsed: unknown = JSON.parse(trimmed);
    return z.array(faultSchema).parse(Array.isArray(parsed) ? parsed : [parsed]);
  }
  return trimmed.split(',').map((item) => {
    const [name = '', count] = item.trim().split(':');
    return faultSchema.parse({ name, ...(count !== undefined && { count: Number(count) }) });
  });
}
