import { useLayoutEffect, useRef, useState } from 'react';
import type { WindowKind } from '../../format/window';

/** Room for what a cell says, and cells in a row where there is room: a quarter of weeks, half a year of months. */
const LAYOUT: Record<WindowKind, { readonly cellPx: number; readonly most: number }> = {
  week: { cellPx: 64, most: 13 },
  month: { cellPx: 76, most: 6 },
  '4_weeks': { cellPx: 116, most: 8 },
  '13_weeks': { cellPx: 116, most: 8 },
};

/** How many cells fit side by side into the element. The number is needed, not only the layout: up and down move by a row. */
export function useColumns(window: WindowKind) {
  const { cellPx, most } = LAYOUT[window];
  const ref = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(most);

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setColumns(Math.max(1, Math.min(most, Math.floor(element.getBoundingClientRect().width / cellPx))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [cellPx, most]);

  return { ref, columns };
}
