import { PluginPage } from '@grafana/runtime';
import { EmptyState, LinkButton } from '@grafana/ui';
import { useContext, type PropsWithChildren } from 'react';
import { DatasourceContext } from '../data/datasource';
import { LiveUpdates } from '../live/LiveUpdates';
import { grafanaPaths } from '../paths';
import { hasRole } from '../role/role';

/** Draws a page that needs the collector, live; without a data source what to do instead. */
export function RequireDatasource({ children }: PropsWithChildren) {
  const datasource = useContext(DatasourceContext);
  if (datasource) return <LiveUpdates>{children}</LiveUpdates>;
  return (
    <PluginPage>
      <EmptyState
        variant="call-to-action"
        message="No AMC data source is chosen"
        button={
          hasRole('Admin') ? (
            <LinkButton icon="cog" href={grafanaPaths.configuration}>
              Choose a data source
            </LinkButton>
          ) : undefined
        }
      >
        {hasRole('Admin')
          ? 'The app reaches the collector through an Amazon Marketing Cloud data source.'
          : 'The app reaches the collector through an Amazon Marketing Cloud data source. Ask an Admin of this organisation to choose one.'}
      </EmptyState>
    </PluginPage>
  );
}
