import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

interface FactsProps {
  facts: readonly Fact[];
  /** Side by side under their names, instead of one per line. */
  inline?: boolean;
  'data-testid'?: string;
}

/** Names and values. Facts without a value are left out. */
export function Facts({ facts, inline = false, ...attributes }: FactsProps) {
  const styles = useStyles2(inline ? getInlineStyles : getStyles);
  const known = facts.filter(({ value }) => value !== null && value !== undefined);
  return (
    <dl className={styles.list} {...attributes}>
      {known.map(({ label, value }) => (
        <div key={label} className={styles.fact}>
          <dt className={styles.label}>{label}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const getInlineStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: 0, display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(4), rowGap: theme.spacing(1.5) }),
  fact: css({ minWidth: 0 }),
  label: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightRegular,
    margin: 0,
  }),
  value: css({ margin: 0, overflowWrap: 'anywhere' }),
});

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: 0, display: 'grid', gap: theme.spacing(1) }),
  fact: css({
    display: 'grid',
    gridTemplateColumns: `minmax(${theme.spacing(15)}, 1fr) 3fr`,
    columnGap: theme.spacing(2),
    [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' },
  }),
  label: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, margin: 0 }),
  value: css({ margin: 0, minWidth: 0, overflowWrap: 'anywhere' }),
});
