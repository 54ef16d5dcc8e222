import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { KpiTile } from './KpiTile';
import { kpisOf } from './kpis';
import type { KpiOptions } from './options';

/** One tile, or one below the other where money comes in several currencies. */
export function KpiPanel({ data, options, title, fieldConfig, width, height }: PanelProps<KpiOptions>) {
  const styles = useStyles2(getStyles);
  const kpis = kpisOf(data.series);
  // A number that does not exist is left out of the answer, so only the question tells whether there was to be one.
  const isCompared = data.request?.targets.some((target) => 'compare' in target && target.compare !== 'none') ?? false;
  if (kpis.length === 0) {
    return <div className={styles.empty}>{fieldConfig.defaults.noValue ?? 'No data'}</div>;
  }
  return (
    <>
      {kpis.map((kpi, index) => (
        <KpiTile
          key={index}
          title={title}
          kpi={kpi}
          isCompared={isCompared}
          better={options.better}
          width={width}
          height={height / kpis.length}
        />
      ))}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  empty: css({ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center', color: theme.colors.text.secondary }),
});
