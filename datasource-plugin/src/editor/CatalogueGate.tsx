import { Alert, Button, LoadingPlaceholder, Stack } from '@grafana/ui';
import type { ReactNode } from 'react';
import type { Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import { selectors } from '../selectors';
import { words } from '../words';
import { useCatalogue } from './use-catalogue';

interface Props {
  datasource: AmcDatasource;
  children: (catalogue: Catalogue) => ReactNode;
}

/** Shows an editor once it is known what can be asked; until then what is being waited for, or what to do. */
export function CatalogueGate({ datasource, children }: Props) {
  const loaded = useCatalogue(datasource);
  if (loaded.state === 'loading') {
    return (
      <div data-testid={selectors.query.loading}>
        <LoadingPlaceholder text={words('gate.loading', 'Asking the collector what can be queried…')} />
      </div>
    );
  }
  if (loaded.state === 'failed') {
    return (
      <Alert
        severity="error"
        title={words('gate.failed', 'The collector did not tell what can be queried')}
        data-testid={selectors.query.failed}
      >
        <Stack direction="column" alignItems="flex-start">
          <span>{loaded.message}</span>
          <Button size="sm" variant="secondary" icon="sync" onClick={loaded.retry}>
            {words('gate.retry', 'Try again')}
          </Button>
        </Stack>
      </Alert>
    );
  }
  if (loaded.catalogue.datasets.length === 0) {
    return (
      <Alert severity="info" title={words('gate.empty', 'There is nothing to query yet')} data-testid={selectors.query.empty}>
        {words(
          'gate.empty-text',
          'The collector knows no dataset. Shipped datasets appear when it has started; your own are YAML files in its datasets folder.',
        )}
      </Alert>
    );
  }
  return <>{children(loaded.catalogue)}</>;
}
