import type { Week } from '@amc-reports/collector-service/contract';
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import { countOf } from '../../format/count';
import { formatWindowShort, nameWindow, type WindowKind } from '../../format/window';
import { selectors } from '../../selectors';
import { WEEK_AGE } from '../../wording/week-age';
import { WEEK_STATE } from '../../wording/week-state';

interface WeekCellProps {
  window: WindowKind;
  week: Week;
  chosen: boolean;
  /** The one cell that the tab key reaches. */
  tabbable: boolean;
  onFocus: (week: string) => void;
  onChoose: (week: string) => void;
  register: (element: HTMLButtonElement | null) => void;
}

/** A week, or other window: colour and sign for its state, a dashed edge while its numbers may still change, a dot when dashboards show an older result meanwhile. */
export function WeekCell({ window, week, chosen, tabbable, onFocus, onChoose, register }: WeekCellProps) {
  const styles = useStyles2(getStyles, week.state);
  const { icon, label } = WEEK_STATE[week.state];
  const unsettled = week.state === 'done' && week.age !== 'final';
  const earlierShown = week.served && week.state !== 'done';
  const words = [
    nameWindow(window, week),
    label,
    WEEK_AGE[week.age].label,
    week.served && countOf(week.rows, 'row'),
    earlierShown && 'dashboards show earlier data',
    week.doubt && 'doubtful',
  ].filter(Boolean);

  return (
    <div role="gridcell" aria-selected={chosen} className={styles.gridcell}>
      <button
        ref={register}
        type="button"
        className={cx(styles.cell, unsettled && styles.unsettled, chosen && styles.chosen)}
        tabIndex={tabbable ? 0 : -1}
        aria-label={words.join(', ')}
        title={words.join(' · ')}
        onFocus={() => onFocus(week.week)}
        onClick={() => onChoose(week.week)}
        data-testid={selectors.collection.week(week.week)}
        data-state={week.state}
      >
        {/* A new icon for a new state: Grafana's keeps drawing the one it fetched first. */}
        <Icon key={icon} name={icon} size="sm" aria-hidden />
        <span className={styles.day}>{formatWindowShort(window, week)}</span>
        {earlierShown && <span className={styles.earlier} />}
        {week.doubt && (
          <span className={styles.doubtful}>
            <Icon name="question-circle" size="sm" aria-hidden />
          </span>
        )}
      </button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2, state: Week['state']) => {
  const color = WEEK_STATE[state].color(theme);
  return {
    gridcell: css({ minWidth: 0 }),
    cell: css({
      position: 'relative',
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'center',
      justifyContent: 'center',
      gap: theme.spacing(0.25),
      width: '100%',
      minHeight: theme.spacing(6),
      padding: theme.spacing(0.25),
      color: color.text,
      background: color.transparent,
      border: `1px solid ${color.main}`,
      borderRadius: theme.shape.radius.default,
      '&:hover': { background: theme.colors.emphasize(color.transparent, 0.1) },
    }),
    unsettled: css({ borderStyle: 'dashed' }),
    chosen: css({ boxShadow: `inset 0 0 0 1px ${theme.colors.text.primary}`, borderColor: theme.colors.text.primary }),
    day: css({ color: theme.colors.text.primary, fontSize: theme.typography.bodySmall.fontSize, whiteSpace: 'nowrap' }),
    doubtful: css({ position: 'absolute', top: 0, left: theme.spacing(0.25), color: theme.colors.warning.text }),
    earlier: css({
      position: 'absolute',
      top: theme.spacing(0.5),
      right: theme.spacing(0.5),
      width: theme.spacing(0.75),
      height: theme.spacing(0.75),
      borderRadius: theme.shape.radius.circle,
      background: theme.colors.success.main,
    }),
  };
};
