import { PluginPage } from '@grafana/runtime';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Stack, useStyles2 } from '@grafana/ui';
import { useContext } from 'react';
import { LiveSign } from '../../components/LiveSign';
import { FailureAlert } from '../../components/FailureAlert';
import { useCollections } from '../../data/collections';
import { DatasourceContext, type Datasource } from '../../data/datasource';
import { toFailure } from '../../data/failure';
import { useDatasourceHealth, useHealth } from '../../data/health';
import { LiveUpdates } from '../../live/LiveUpdates';
import { selectors } from '../../selectors';
import { HopList } from './HopList';
import { hopsOf, type Hop } from './hops';
import { KeyFacts } from './KeyFacts';
import { nextStep } from './next-step';
import { NextStepPanel } from './NextStepPanel';

/** Where things stand between Grafana and Amazon, and what to do next. Needs no working data source: it says what is missing. */
export default function HomePage() {
  const datasource = useContext(DatasourceContext);
  if (datasource) {
    return (
      <LiveUpdates>
        <HomeWithDatasource datasource={datasource} />
      </LiveUpdates>
    );
  }

  return (
    <PluginPage>
      <Columns hops={hopsOf({ datasource })}>
        <NextStepPanel step={{ kind: 'choose-datasource' }} />
      </Columns>
    </PluginPage>
  );
}

function HomeWithDatasource({ datasource }: { datasource: Datasource }) {
  const health = useHealth(datasource.uid);
  const datasourceHealth = useDatasourceHealth(datasource.uid);
  const collections = useCollections();
  const failureOf = (error: Error | null) => (error ? toFailure(error) : undefined);
  // After a failed look the last answer says nothing about now.
  const now = health.error ? undefined : health.data;
  const hops = hopsOf({
    datasource,
    datasourceHealth: datasourceHealth.error ? undefined : datasourceHealth.data,
    datasourceFailure: failureOf(datasourceHealth.error),
    health: now,
    healthFailure: failureOf(health.error),
  });
  const broken = hops.some(({ status }) => status === 'failed');
  const step = nextStep({ datasource, health: now, broken, collections: collections.data });
  const again = () => void Promise.all([health.refetch(), datasourceHealth.refetch(), collections.refetch()]);

  return (
    <PluginPage actions={<LiveSign />}>
      <Columns hops={hops} onCheck={again} checking={health.isFetching || datasourceHealth.isFetching}>
        {collections.error && !broken && (
          <FailureAlert
            error={collections.error}
            title="The collections cannot be shown"
            onRetry={again}
            retrying={collections.isFetching}
          />
        )}
        <NextStepPanel step={step} datasource={datasource} broken={hops.find(({ status }) => status === 'failed')} />
        <KeyFacts health={now} collections={collections.data} />
      </Columns>
    </PluginPage>
  );
}

interface ColumnsProps {
  hops: readonly Hop[];
  onCheck?: () => void;
  checking?: boolean;
  children: React.ReactNode;
}

function Columns({ hops, onCheck, checking = false, children }: ColumnsProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.columns} data-testid={selectors.home.container}>
      <Stack direction="column" gap={3}>
        {children}
      </Stack>
      <HopList hops={hops} {...(onCheck && { onCheck })} checking={checking} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gap: theme.spacing(4),
    alignItems: 'start',
    gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)',
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
});
