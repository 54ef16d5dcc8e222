/** Columns of text, the first to the left and the others to the right, under a rule. Widths count characters as a terminal shows them. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(width[column] ?? 0) : cell.padStart(width[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), width.map((n) => '─'.repeat(n)).join('  '), ...rows.map(line)].join('\n');
}
