import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { ReactNode } from 'react';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Names and values in two columns, one below the other where there is no room. Facts without a value are left out. */
export function Facts({ facts, ...attributes }: { facts: readonly Fact[]; 'data-testid'?: string }) {
  const styles = useStyles2(getStyles);
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

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: 0, display: 'grid', gap: theme.spacing(1) }),
  fact: css({ display: 'grid', gridTemplateColumns: `minmax(${theme.spacing(15)}, 1fr) 3fr`, columnGap: theme.spacing(2), [theme.breakpoints.down('sm')]: { gridTemplateColumns: '1fr' } }),
  label: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular, margin: 0 }),
  value: css({ margin: 0, minWidth: 0, overflowWrap: 'anywhere' }),
});
