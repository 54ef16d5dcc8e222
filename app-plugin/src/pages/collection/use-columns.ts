import { useLayoutEffect, useRef, useState } from 'react';

/** A quarter of a year in a row, where there is room. */
const MOST = 13;
const CELL_PX = 64;

/** How many cells fit side by side into the element. The number is needed, not only the layout: up and down move by a row. */
export function useColumns() {
  const ref = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(MOST);

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setColumns(Math.max(1, Math.min(MOST, Math.floor(element.getBoundingClientRect().width / CELL_PX))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  return { ref, columns };
}
