import type { Path } from '../catalogue/mistake.ts';
import { Secret } from '../../ground/secret.ts';

/** `${NAME}` or `${NAME:-default}`; `$$` is a dollar sign. */
const REFERENCE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
const BROKEN = /\$\{(?![A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\})/;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable a text consists of, when it is one reference without a default. */
export const soleReference = (text: string): string | null => /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(text)?.[1] ?? null;

/**
 * Puts environment variables into the texts of parsed data: into values, never into the file's structure, so that no value can
 * add keys. A blank variable counts as unset, as compose files pass them. A key whose whole value comes out empty is left out.
 */
export function interpolate(
  data: unknown,
  environment: Environment,
  report: (path: Path, message: string) => void,
  path: Path = [],
): unknown {
  if (typeof data === 'string') return interpolateText(data, environment, (message) => report(path, message));
  if (Array.isArray(data)) return data.map((item, index) => interpolate(item, environment, report, [...path, index]));
  // Secrets are taken from the environment already.
  if (typeof data !== 'object' || data === null || data instanceof Secret) return data;
  const entries = Object.entries(data).map(
    ([key, value]) => [key, interpolate(value, environment, report, [...path, key]), value] as const,
  );
  return Object.fromEntries(entries.filter(([, value, written]) => !(value === '' && written !== '')).map(([key, value]) => [key, value]));
}

function interpolateText(text: string, environment: Environment, report: (message: string) => void): string {
  if (BROKEN.test(text.replaceAll('$$', ''))) report('write a variable as ${NAME} or ${NAME:-default}');
  return text.replace(REFERENCE, (whole, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '$';
    const value = environment[name];
    if (value !== undefined && value.trim() !== '') return value;
    if (fallback === undefined) report(`the environment variable ${name} is not set`);
    return fallback ?? whole;
  });
}
