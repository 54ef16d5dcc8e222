import type { Collection } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Pagination, Stack, useStyles2 } from '@grafana/ui';
import { useState } from 'react';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { CollectionRow } from './CollectionRow';
import { nextSorting, sorted, type SortColumn, type Sorting } from './columns';
import { SortHeader } from './SortHeader';

const PAGE_SIZE = 25;

const COLUMNS: ReadonlyArray<{ label: string; column?: SortColumn }> = [
  { label: 'Collection', column: 'name' },
  { label: 'State', column: 'state' },
  { label: 'Collected', column: 'progress' },
  { label: 'Data as of', column: 'dataAsOf' },
  { label: 'Rows', column: 'rows' },
];

/** Sorted and paged here and not by Grafana's InteractiveTable, which goes back to its first page whenever a live change arrives. */
export function CollectionTable({ collections }: { collections: readonly Collection[] }) {
  const styles = useStyles2(getStyles);
  const [sorting, setSorting] = useState<Sorting>();
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(collections.length / PAGE_SIZE));
  const current = Math.min(page, pages);
  const rows = sorted(collections, sorting).slice((current - 1) * PAGE_SIZE, current * PAGE_SIZE);

  return (
    <Stack direction="column" gap={2}>
      <table role="table" className={styles.table} data-testid={selectors.collections.table}>
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.map(({ label, column }) => (
              <SortHeader
                key={label}
                label={label}
                column={column}
                sorting={sorting}
                onSort={(by) => setSorting(nextSorting(sorting, by))}
              />
            ))}
            {hasRole('Editor') && (
              <th role="columnheader" scope="col">
                Actions
              </th>
            )}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((collection) => (
            <CollectionRow key={collection.id} collection={collection} />
          ))}
        </tbody>
      </table>
      <Pagination currentPage={current} numberOfPages={pages} onNavigate={setPage} hideWhenSinglePage />
    </Stack>
  );
}

// The roles are written out because a table drawn as blocks loses its own in some browsers.
const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    'th, td': { padding: theme.spacing(1), textAlign: 'left', verticalAlign: 'middle' },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium, whiteSpace: 'nowrap' },
    'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
    'tbody tr:hover': { background: theme.colors.action.hover },
    [theme.breakpoints.down('lg')]: {
      thead: { display: 'none' },
      'tbody, tr': { display: 'block' },
      'tbody tr': { padding: theme.spacing(1, 0) },
      'td:empty': { display: 'none' },
      'td:not(:empty)': {
        display: 'grid',
        gridTemplateColumns: `${theme.spacing(12)} 1fr`,
        alignItems: 'center',
        '&::before': { content: 'attr(data-label)', color: theme.colors.text.secondary },
      },
    },
  }),
});
