import type { Week, WeekState } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import { formatCount } from '../../format/count';
import { WEEK_STATE, WEEK_STATE_ORDER } from '../../wording/week-state';

/** What colours and signs mean, with how many cells have them; states that none has are left out. */
export function Legend({ weeks }: { weeks: readonly Week[] }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const counts = new Map<WeekState, number>();
  for (const { state } of weeks) counts.set(state, (counts.get(state) ?? 0) + 1);
  const unsettled = weeks.some(({ state, age }) => state === 'done' && age !== 'final');
  const earlierShown = weeks.some(({ state, served }) => served && state !== 'done');

  return (
    <ul className={styles.legend} aria-label="Legend">
      {WEEK_STATE_ORDER.filter((state) => counts.has(state)).map((state) => (
        <li key={state} className={styles.entry} title={WEEK_STATE[state].meaning}>
          <span style={{ color: WEEK_STATE[state].color(theme).text }}>
            <Icon name={WEEK_STATE[state].icon} size="sm" aria-hidden />
          </span>
          {`${WEEK_STATE[state].label} (${formatCount(counts.get(state) ?? 0)})`}
        </li>
      ))}
      {unsettled && (
        <li className={styles.entry}>
          <span className={styles.dashed} aria-hidden />
          Numbers may still change
        </li>
      )}
      {weeks.some(({ doubt }) => doubt !== null) && (
        <li className={styles.entry} title="Its numbers differ much from those before and after it.">
          <span style={{ color: theme.colors.warning.text }}>
            <Icon name="question-circle" size="sm" aria-hidden />
          </span>
          {`Doubtful (${formatCount(weeks.filter(({ doubt }) => doubt !== null).length)})`}
        </li>
      )}
      {earlierShown && (
        <li className={styles.entry}>
          <span className={styles.earlier} aria-hidden />
          Dashboards show earlier data meanwhile
        </li>
      )}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    listStyle: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(2),
    rowGap: theme.spacing(0.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  entry: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5) }),
  dashed: css({
    width: theme.spacing(1.5),
    height: theme.spacing(1.5),
    border: `1px dashed ${theme.colors.success.main}`,
    borderRadius: theme.shape.radius.default,
  }),
  earlier: css({
    width: theme.spacing(0.75),
    height: theme.spacing(0.75),
    borderRadius: theme.shape.radius.circle,
    background: theme.colors.success.main,
  }),
});
