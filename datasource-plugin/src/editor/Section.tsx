import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, Stack, useStyles2 } from '@grafana/ui';
import { useId, useState, type ReactNode } from 'react';

interface Props {
  title: string;
  /** What the closed section says about its fields; nothing when none is used. */
  summary: ReadonlyArray<string | false | undefined>;
  testId: string;
  children: ReactNode;
}

/** Fields that most questions do without. Closed it says what is set in it; it begins open where something is. */
export function Section({ title, summary, testId, children }: Props) {
  const styles = useStyles2(getStyles);
  const said = summary.filter(Boolean).join(' · ');
  const [open, setOpen] = useState(said !== '');
  const id = useId();
  return (
    <div>
      <button
        type="button"
        className={styles.head}
        aria-expanded={open}
        aria-controls={id}
        data-testid={testId}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'angle-down' : 'angle-right'} />
        <span className={styles.title}>{title}</span>
        {!open && said !== '' && <span className={styles.summary}>{said}</span>}
      </button>
      {open && (
        <div id={id} className={styles.body}>
          <Stack direction="column" gap={1}>
            {children}
          </Stack>
        </div>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  head: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    maxWidth: '100%',
    padding: theme.spacing(0.5, 1, 0.5, 0),
    border: 'none',
    background: 'transparent',
    textAlign: 'left',
    '&:hover': { color: theme.colors.text.maxContrast },
  }),
  title: css({ fontSize: theme.typography.bodySmall.fontSize, fontWeight: theme.typography.fontWeightMedium, whiteSpace: 'nowrap' }),
  summary: css({
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  body: css({ padding: theme.spacing(0.5, 0, 1, 2.5) }),
});
