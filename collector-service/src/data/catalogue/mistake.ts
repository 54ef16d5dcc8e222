import { CollectorError } from '../../contract/error.ts';

/** One mistake in a file that a person wrote: where, and what to do about it. `path` is the place in the data, such as `metrics[3].numerator`. */
export interface Mistake {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly path: string;
  readonly message: string;
}

export type Path = readonly PropertyKey[];

/** `['metrics', 3, 'numerator']` as `metrics[3].numerator`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

export function formatMistake(mistake: Mistake): string {
  const place = [mistake.file, mistake.line, mistake.column].filter((part) => part !== undefined).join(':');
  return `${place}: ${mistake.path === '' ? '' : `${mistake.path}: `}${mistake.message}`;
}

/** The mistakes of one file, from its top to its end. */
export const fromTheTop = (mistakes: readonly Mistake[]): Mistake[] => [...mistakes].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));

/** All mistakes in one error. @throws CollectorError config_invalid, details.mistakes in the order given */
export function refuse(what: string, mistakes: readonly Mistake[]): never {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  throw new CollectorError(
    'config_invalid',
    `${what} with ${count}:\n${mistakes.map((mistake) => `  ${formatMistake(mistake)}`).join('\n')}`,
    { status: 400, details: { mistakes } },
  );
}
