import type { Collection, WeekState } from '@amc-reports/collector-service/contract';
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Text, useStyles2 } from '@grafana/ui';
import { formatCount } from '../format/count';
import { holesOf } from '../wording/holes';
import { countWindows } from '../wording/windows';

type Weeks = Pick<Collection, 'window' | 'weeks' | 'weeksTotal' | 'weeksOutOfReach' | 'weeksSetAside' | 'weeksDoubtful'>;
const WORKING: readonly WeekState[] = ['creating', 'running', 'downloading', 'merging'];

/** Weeks, or other windows, done of all, as a bar and in words; what needs a look is named beside it. */
export function WeeksProgress(collection: Weeks) {
  const { window, weeks, weeksTotal, weeksDoubtful } = collection;
  const holes = [...holesOf(collection), ...(weeksDoubtful > 0 ? [`${formatCount(weeksDoubtful)} doubtful`] : [])];
  const styles = useStyles2(getStyles);
  const { done, failed, held } = weeks;
  const working = WORKING.reduce((sum, state) => sum + weeks[state], 0);
  const share = (count: number) => ({ width: `${weeksTotal === 0 ? 0 : (100 * count) / weeksTotal}%` });
  return (
    <div className={styles.progress}>
      <div
        className={styles.track}
        role="progressbar"
        aria-label="Collected"
        aria-valuemin={0}
        aria-valuemax={weeksTotal}
        aria-valuenow={done}
        aria-valuetext={`${formatCount(done)} of ${countWindows(weeksTotal, window)}`}
      >
        <span className={cx(styles.part, styles.done)} style={share(done)} />
        <span className={cx(styles.part, styles.working)} style={share(working)} />
        <span className={cx(styles.part, styles.held)} style={share(held)} />
        <span className={cx(styles.part, styles.failed)} style={share(failed)} />
      </div>
      <Text variant="bodySmall" color="secondary" tabular>
        {formatCount(done)} of {countWindows(weeksTotal, window)}
        {working > 0 && ` · ${formatCount(working)} under way`}
      </Text>
      {(failed > 0 || held > 0) && (
        <Text variant="bodySmall" color={failed > 0 ? 'error' : 'warning'}>
          {[failed > 0 && `${formatCount(failed)} failed`, held > 0 && `${formatCount(held)} held`].filter(Boolean).join(' · ')}
        </Text>
      )}
      {holes.length > 0 && (
        <Text variant="bodySmall" color="warning">
          {holes.join(' · ')}
        </Text>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  progress: css({
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1.5),
    rowGap: theme.spacing(0.25),
    alignItems: 'center',
    minWidth: theme.spacing(20),
  }),
  track: css({
    display: 'flex',
    flex: '1 0 100%',
    height: theme.spacing(1),
    borderRadius: theme.shape.radius.pill,
    overflow: 'hidden',
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
  }),
  part: css({ [theme.transitions.handleMotion('no-preference')]: { transition: theme.transitions.create('width') } }),
  done: css({ background: theme.colors.success.main }),
  working: css({ background: theme.colors.info.main }),
  held: css({ background: theme.colors.warning.main }),
  failed: css({ background: theme.colors.error.main }),
});
