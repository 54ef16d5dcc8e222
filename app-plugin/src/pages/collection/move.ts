/**
 * Where a key leads in a grid of `count` cells in rows of `columns`, from the cell at `index`; undefined for a key that moves nothing.
 * The keys are those of the ARIA grid pattern.
 */
export function move(key: string, withCtrl: boolean, index: number, count: number, columns: number): number | undefined {
  const row = index - (index % columns);
  const last = count - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(index + 1, last);
    case 'ArrowLeft':
      return Math.max(index - 1, 0);
    case 'ArrowDown':
      return index + columns <= last ? index + columns : index;
    case 'ArrowUp':
      return index - columns >= 0 ? index - columns : index;
    case 'Home':
      return withCtrl ? 0 : row;
    case 'End':
      return withCtrl ? last : Math.min(row + columns - 1, last);
    default:
      return undefined;
  }
}
