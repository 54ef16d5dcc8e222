import { join } from 'node:path';
import { parseArgs } from 'node:util';

export interface CrashOptions {
  kills: number;
  seed: number;
  postgresKills: number;
  /** Longest time between two kills of workers. */
  apartMs: number;
  weeks: number;
  leaseMs: number;
  /** Where the timeline goes: a JSON object per line. */
  timeline: string;
}

/** Of two kills of workers. */
export const SHORTEST_APART_MS = 20;

export const HELP = `Kills workers at random moments while they collect, then proves that nothing was lost, doubled or left behind.

  npm run crash -- [--kills N] [--seed S] [--postgres-kills N] [--apart-ms N] [--weeks N] [--lease-ms N] [--timeline FILE]

  --kills N           SIGKILLs of one of three workers (1000)
  --seed S            decides who is killed when; the same seed replays the same kills (1)
  --postgres-kills N  times PostgreSQL is stopped immediately or killed, spread over the run (0)
  --apart-ms N        kills of workers are 20 to so many ms apart (400); more with a longer lease, or few find work in hand
  --weeks N           weeks of each of the 20 collections, 5 instances × 4 datasets (52)
  --lease-ms N        lease of a claimed week (2000)
  --timeline FILE     (.data/crash/seed-S.jsonl)

Exit code 0 when every invariant holds, 1 with the broken one and the history of its week. See docs/operations.md.`;

/** @returns undefined when help was asked for. @throws a sentence for what is not understood */
export function readOptions(args: readonly string[], root: string): CrashOptions | undefined {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      kills: text,
      seed: text,
      'postgres-kills': text,
      'apart-ms': text,
      weeks: text,
      'lease-ms': text,
      timeline: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const whole = (name: Exclude<keyof typeof values, 'help'>, otherwise: number, least: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (Number.isInteger(value) && value >= least) return value;
    throw new Error(`--${name} must be a whole number of at least ${least}, not '${values[name]}'.`);
  };
  const seed = whole('seed', 1, 0);
  return {
    kills: whole('kills', 1000, 1),
    seed,
    postgresKills: whole('postgres-kills', 0, 0),
    apartMs: whole('apart-ms', 400, SHORTEST_APART_MS),
    weeks: whole('weeks', 52, 1),
    leaseMs: whole('lease-ms', 2_000, 200),
    timeline: values.timeline ?? join(root, '.data', 'crash', `seed-${seed}.jsonl`),
  };
}
