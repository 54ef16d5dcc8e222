export interface Line {
  what: string;
  reached: string;
  aim?: string;
}

/** Columns padded to their widest cell. */
export function table(lines: readonly Line[]): string {
  const rows = [['', 'reached', 'aim'], ...lines.map(({ what, reached, aim = '' }) => [what, reached, aim])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
