import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Tooltip, useStyles2 } from '@grafana/ui';
import { useLiveState, WHILE_POLLING_MS } from '../live/live-state';
import { selectors } from '../selectors';
import type { StreamState } from '../sse/follow';

const WORDS: Record<StreamState, { label: string; meaning: string }> = {
  live: { label: 'Live', meaning: 'Changes appear as they happen.' },
  connecting: { label: 'Connecting', meaning: 'The connection for live changes is being made.' },
  polling: {
    label: `Every ${WHILE_POLLING_MS / 1000} s`,
    meaning: 'Live changes do not come through now; the page asks by itself and keeps trying to connect.',
  },
};

/** Says whether the page follows changes live. */
export function LiveSign() {
  const state = useLiveState();
  const styles = useStyles2(getStyles);
  const { label, meaning } = WORDS[state];
  return (
    <Tooltip content={meaning}>
      <span className={styles.sign} role="status" aria-live="off" tabIndex={0} data-testid={selectors.live}>
        <span className={cx(styles.dot, styles[state])} aria-hidden />
        {label}
      </span>
    </Tooltip>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sign: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
  }),
  dot: css({
    width: theme.spacing(1),
    height: theme.spacing(1),
    borderRadius: theme.shape.radius.circle,
    border: `2px solid ${theme.colors.text.secondary}`,
  }),
  live: css({ background: theme.colors.success.main, borderColor: theme.colors.success.main }),
  connecting: css({ borderColor: theme.colors.warning.main }),
  polling: css({ background: theme.colors.warning.main, borderColor: theme.colors.warning.main }),
});
