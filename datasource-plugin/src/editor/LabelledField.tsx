import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { InlineLabel, useStyles2 } from '@grafana/ui';
import { useId, type ReactNode } from 'react';

interface Props {
  label: string;
  tooltip?: string;
  /** Takes the rest of the row. */
  grow?: boolean;
  /** The input; it takes both ids, because Grafana's multi-value box can only be named by `aria-labelledby`. */
  children: (ids: { id: string; 'aria-labelledby': string }) => ReactNode;
}

/** A label before an input on one line, as in Grafana's own query editors. */
export function LabelledField({ label, tooltip, grow = false, children }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const labelId = `${id}-label`;
  return (
    <div className={grow ? styles.growing : styles.field}>
      <InlineLabel id={labelId} htmlFor={id} width="auto" {...(tooltip && { tooltip })}>
        {label}
      </InlineLabel>
      <div className={styles.input}>{children({ id, 'aria-labelledby': labelId })}</div>
    </div>
  );
}

const getStyles = (_theme: GrafanaTheme2) => {
  const field = {
    display: 'flex',
    alignItems: 'flex-start',
    minWidth: 0,
    maxWidth: '100%',
    '> label': { marginRight: 0, whiteSpace: 'nowrap' as const },
  };
  return { field: css(field), growing: css({ ...field, flexGrow: 1, flexBasis: 360 }), input: css({ flexGrow: 1, minWidth: 0 }) };
};
