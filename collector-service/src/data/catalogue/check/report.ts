import type { Path } from '../mistake.ts';

/** Takes a mistake at a place of the dataset. */
export type Report = (path: Path, message: string) => void;

/** Reports every repetition in a list, at the place of the later one. */
export function reportRepeats(list: readonly string[], path: (index: number) => Path, what: string, report: Report): void {
  list.forEach((name, index) => {
    if (list.indexOf(name) < index) report(path(index), `${what} '${name}' is given twice`);
  });
}
