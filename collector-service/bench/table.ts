export interface Line {
  what: string;
  reached: string;
  aim?: string;
  /** Whether the aim was reached; left out for lines that only inform. */
  met?: boolean;
}

/** Columns padded to their widest cell. */
export function table(lines: readonly Line[]): string {
  const rows = [
    ['', 'reached', 'aim', ''],
    ...lines.map(({ what, reached, aim = '', met }) => [what, reached, aim, met === undefined ? '' : met ? 'ok' : 'missed']),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 || column === 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const atMost = (what: string, value: number, aim: number, show: (value: number) => string): Line => ({
  what,
  reached: show(value),
  aim: `≤ ${show(aim)}`,
  met: value <= aim,
});

export const atLeast = (what: string, value: number, aim: number, show: (value: number) => string): Line => ({
  what,
  reached: show(value),
  aim: `≥ ${show(aim)}`,
  met: value >= aim,
});

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const percent = (value: number): string => `${(value * 100).toFixed(value < 0.1 && value > 0 ? 2 : 0)} %`;
export const times = (value: number): string => `${value.toFixed(2)} ×`;
export const milliseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
export const megabytes = (value: number): string => `${whole(value)} MB`;
