import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { SortColumn, Sorting } from './columns';

interface SortHeaderProps {
  label: string;
  column: SortColumn | undefined;
  sorting: Sorting | undefined;
  onSort: (column: SortColumn) => void;
}

export function SortHeader({ label, column, sorting, onSort }: SortHeaderProps) {
  const styles = useStyles2(getStyles);
  const direction = column && sorting?.column === column ? sorting.direction : undefined;
  return (
    <th role="columnheader" scope="col" aria-sort={direction ?? 'none'}>
      {column ? (
        <button type="button" className={styles.button} onClick={() => onSort(column)}>
          {label}
          {direction && <Icon name={direction === 'ascending' ? 'arrow-up' : 'arrow-down'} size="sm" />}
        </button>
      ) : (
        label
      )}
    </th>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  button: css({
    background: 'none',
    border: 0,
    padding: 0,
    font: 'inherit',
    color: 'inherit',
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    '&:hover': { color: theme.colors.text.primary },
  }),
});
