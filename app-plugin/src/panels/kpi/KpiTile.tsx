import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { calculateFontSize, Icon, Sparkline, useStyles2, useTheme2 } from '@grafana/ui';
import type { Kpi } from './kpis';
import type { KpiOptions } from './options';
import { changeText, directionOf, numberText, sentenceOf } from './wording';

interface Props {
  title: string;
  kpi: Kpi;
  /** Whether the period before was asked for. */
  isCompared: boolean;
  better: KpiOptions['better'];
  width: number;
  height: number;
}

const LARGEST_PX = 56;
const LINE_HEIGHT = 1.1;
const CHANGE_PX = 20;
const LEAST_TREND_PX = 24;
/** Of the texts; the line goes to the edges. */
const MARGIN_PX = 8;
const ARROWS = { up: 'arrow-up', down: 'arrow-down', same: 'minus' } as const;

/** The number as large as it fits, its change below, and under both its way, on a scale of its own. */
export function KpiTile({ title, kpi, isCompared, better, width, height }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const text = numberText(kpi, kpi.value);
  const numberHeight = Math.max(CHANGE_PX, Math.min(LARGEST_PX * LINE_HEIGHT, (height - CHANGE_PX) * 0.6));
  const fontSize = calculateFontSize(text, width - 2 * MARGIN_PX, numberHeight, LINE_HEIGHT, LARGEST_PX);
  const trendHeight = height - numberHeight - CHANGE_PX;
  return (
    <div className={styles.tile} role="group" aria-label={sentenceOf(title, kpi)} style={{ width, height }}>
      <div className={styles.number} style={{ fontSize, height: numberHeight }}>
        {text}
      </div>
      <Change kpi={kpi} isCompared={isCompared} better={better} />
      {kpi.trend && trendHeight >= LEAST_TREND_PX && (
        <div className={styles.trend}>
          <Sparkline width={width} height={trendHeight} theme={theme} sparkline={kpi.trend} config={{ custom: { fillOpacity: 15 } }} />
        </div>
      )}
    </div>
  );
}

function Change({ kpi, isCompared, better }: Pick<Props, 'kpi' | 'isCompared' | 'better'>) {
  const styles = useStyles2(getStyles);
  const { change, previous } = kpi;
  if (change == null || previous == null) {
    return <div className={styles.change}>{isCompared && 'no number in the period before'}</div>;
  }
  const direction = directionOf(change);
  const isNews = direction !== 'same' && better !== 'neutral';
  const colour = isNews ? (direction === better ? styles.good : styles.bad) : undefined;
  return (
    <div className={styles.change}>
      <span className={colour}>
        <Icon name={ARROWS[direction]} size="sm" /> {direction === 'same' ? 'unchanged' : changeText(change)}
      </span>{' '}
      vs. {numberText(kpi, previous)}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tile: css({ overflow: 'hidden' }),
  number: css({
    color: theme.colors.text.primary,
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: LINE_HEIGHT,
    paddingInline: MARGIN_PX,
    display: 'flex',
    alignItems: 'center',
    whiteSpace: 'nowrap',
  }),
  change: css({
    height: CHANGE_PX,
    paddingInline: MARGIN_PX,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: `${CHANGE_PX}px`,
    whiteSpace: 'nowrap',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  }),
  good: css({ color: theme.colors.success.text }),
  bad: css({ color: theme.colors.error.text }),
  trend: css({ pointerEvents: 'none' }),
});
