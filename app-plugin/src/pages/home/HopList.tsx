import { css } from '@emotion/css';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { Button, Icon, Stack, Text, useStyles2 } from '@grafana/ui';
import { selectors } from '../../selectors';
import type { Hop, HopStatus } from './hops';

const SIGN: Record<HopStatus, { icon: IconName; word: string }> = {
  ok: { icon: 'check-circle', word: 'Works' },
  degraded: { icon: 'exclamation-triangle', word: 'Needs a look' },
  failed: { icon: 'times-circle', word: 'Broken' },
  unknown: { icon: 'question-circle', word: 'Unknown' },
  checking: { icon: 'sync', word: 'Checking' },
};

interface HopListProps {
  hops: readonly Hop[];
  onCheck?: () => void;
  checking: boolean;
}

/** The way from Grafana to Amazon, station by station, with what to do where it breaks. */
export function HopList({ hops, onCheck, checking }: HopListProps) {
  const styles = useStyles2(getStyles);
  return (
    <section aria-labelledby="amc-hops">
      <Stack justifyContent="space-between" alignItems="center" minHeight={4}>
        <h3 id="amc-hops" className={styles.title}>
          The way to your data
        </h3>
        {onCheck && (
          <Button size="sm" variant="secondary" fill="text" icon="sync" onClick={onCheck} disabled={checking}>
            Check again
          </Button>
        )}
      </Stack>
      <ol className={styles.list}>
        {hops.map(({ name, title, status, message, remedy }) => (
          <li key={name} className={styles.hop} data-testid={selectors.home.hop(name)}>
            <span className={styles[status]}>
              {/* A new icon for a new status: Grafana's keeps drawing the one it fetched first. */}
              <Icon key={status} name={SIGN[status].icon} size="lg" title={SIGN[status].word} />
            </span>
            <div className={styles.words}>
              <Text weight="medium">{title}</Text>
              {status !== 'ok' && status !== 'checking' && <span className={styles[status]}>{` · ${SIGN[status].word}`}</span>}
              <Text element="p" color="secondary">
                {message}
              </Text>
              {remedy && <Text element="p">{remedy}</Text>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ ...theme.typography.h4, margin: 0 }),
  list: css({ listStyle: 'none', margin: theme.spacing(1, 0, 0), padding: 0 }),
  hop: css({
    position: 'relative',
    display: 'grid',
    gridTemplateColumns: `${theme.spacing(3)} minmax(0, 1fr)`,
    gap: theme.spacing(1.5),
    paddingBottom: theme.spacing(2),
    // The line that joins a station with the next.
    '&:not(:last-child)::before': {
      content: '""',
      position: 'absolute',
      left: theme.spacing(1.25),
      top: theme.spacing(3),
      bottom: theme.spacing(0.25),
      borderLeft: `1px solid ${theme.colors.border.medium}`,
    },
  }),
  words: css({ overflowWrap: 'anywhere', '& p': { margin: 0 } }),
  ok: css({ color: theme.colors.success.text }),
  degraded: css({ color: theme.colors.warning.text }),
  failed: css({ color: theme.colors.error.text }),
  unknown: css({ color: theme.colors.text.disabled }),
  checking: css({ color: theme.colors.text.secondary }),
});
