import type { CollectionDetail } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { EmptyState, Stack, useStyles2 } from '@grafana/ui';
import { useRef } from 'react';
import { useSearchParams } from 'react-router-dom';
import { ReadOnlyNotice } from '../../components/ReadOnlyNotice';
import { selectors } from '../../selectors';
import { Legend } from './Legend';
import { Summary } from './Summary';
import { WeekDetails } from './WeekDetails';
import { WeekGrid } from './WeekGrid';

/** Summary, grid and the chosen week; the first week that needs a look is chosen until the person chooses. */
export function CollectionView({ collection }: { collection: CollectionDetail }) {
  const styles = useStyles2(getStyles);
  const [params, setParams] = useSearchParams();
  const { weekList: weeks, window, name } = collection;
  const chosen =
    weeks.find(({ week }) => week === params.get('week')) ??
    weeks.find(({ state, doubt }) => state === 'failed' || state === 'held' || doubt !== null) ??
    weeks.at(-1);
  const details = useRef<HTMLDivElement>(null);
  const choose = (week: string) => {
    setParams({ week }, { replace: true });
    // In a narrow window the details stand below the grid.
    details.current?.scrollIntoView({ block: 'nearest', behavior: 'auto' });
  };

  return (
    <Stack direction="column" gap={3} data-testid={selectors.collection.container}>
      <ReadOnlyNotice />
      <Summary collection={collection} />
      {chosen ? (
        <div className={styles.columns}>
          <Stack direction="column" gap={2}>
            <WeekGrid window={window} weeks={weeks} chosen={chosen.week} onChoose={choose} label={`What ${name} holds`} />
            <Legend weeks={weeks} />
          </Stack>
          <div ref={details}>
            <WeekDetails key={chosen.week} collection={collection} week={chosen} />
          </div>
        </div>
      ) : (
        <EmptyState variant="not-found" message="This collection holds nothing yet">
          Its cells appear as soon as the collector has planned it.
        </EmptyState>
      )}
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gap: theme.spacing(3),
    alignItems: 'start',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
});
