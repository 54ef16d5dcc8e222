import type { Week } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { WindowKind } from '../../format/window';
import { selectors } from '../../selectors';
import { move } from './move';
import { useColumns } from './use-columns';
import { WeekCell } from './WeekCell';

interface WeekGridProps {
  window: WindowKind;
  weeks: readonly Week[];
  /** Monday of the chosen week. */
  chosen: string;
  onChoose: (week: string) => void;
  label: string;
}

/** The weeks, or other windows, as a grid: one stop for the tab key, arrows move inside, Enter or Space chooses. */
export function WeekGrid({ window, weeks, chosen, onChoose, label }: WeekGridProps) {
  const styles = useStyles2(getStyles);
  const { ref, columns } = useColumns(window);
  const cells = useRef(new Map<string, HTMLButtonElement>());
  const [focused, setFocused] = useState<string>();
  const entry = weeks.some(({ week }) => week === focused) ? focused : chosen;

  const onKeyDown = (event: KeyboardEvent) => {
    const index = weeks.findIndex(({ week }) => week === entry);
    const target = event.altKey || event.metaKey ? undefined : move(event.key, event.ctrlKey, index, weeks.length, columns);
    const week = target === undefined ? undefined : weeks[target]?.week;
    if (!week) return;
    event.preventDefault();
    cells.current.get(week)?.focus();
  };

  return (
    <div
      ref={ref}
      role="grid"
      aria-label={label}
      aria-colcount={columns}
      aria-rowcount={Math.ceil(weeks.length / columns)}
      className={styles.grid}
      onKeyDown={onKeyDown}
      data-testid={selectors.collection.grid}
    >
      {rowsOf(weeks, columns).map((row) => (
        <div key={row[0]?.week} role="row" className={styles.row} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
          {row.map((week) => (
            <WeekCell
              key={week.week}
              window={window}
              week={week}
              chosen={week.week === chosen}
              tabbable={week.week === entry}
              onFocus={setFocused}
              onChoose={onChoose}
              register={(element) => void (element ? cells.current.set(week.week, element) : cells.current.delete(week.week))}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

const rowsOf = (weeks: readonly Week[], columns: number): Week[][] =>
  Array.from({ length: Math.ceil(weeks.length / columns) }, (_, row) => weeks.slice(row * columns, (row + 1) * columns));

const getStyles = (theme: GrafanaTheme2) => ({
  grid: css({ display: 'grid', gap: theme.spacing(0.5) }),
  row: css({ display: 'grid', gap: theme.spacing(0.5) }),
});
