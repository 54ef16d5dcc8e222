import { useCallback, useEffect, useState } from 'react';
import type { Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import { sentenceOf } from '../failure';

export type CatalogueState =
  { state: 'loading' } | { state: 'failed'; message: string; retry: () => void } | { state: 'ready'; catalogue: Catalogue };

type Outcome = { of: AmcDatasource } & ({ catalogue: Catalogue } | { message: string });

/** The catalogue for an editor. A late answer of a data source that is no longer chosen is dropped. */
export function useCatalogue(datasource: AmcDatasource): CatalogueState {
  const [outcome, setOutcome] = useState<Outcome>();
  const [attempt, setAttempt] = useState(0);
  const retry = useCallback(() => {
    setOutcome(undefined);
    setAttempt((count) => count + 1);
  }, []);

  useEffect(() => {
    let current = true;
    datasource.catalogue().then(
      (catalogue) => current && setOutcome({ of: datasource, catalogue }),
      (error: unknown) => current && setOutcome({ of: datasource, message: sentenceOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [datasource, attempt]);

  if (outcome?.of !== datasource) {
    return { state: 'loading' };
  }
  return 'catalogue' in outcome ? { state: 'ready', catalogue: outcome.catalogue } : { state: 'failed', message: outcome.message, retry };
}
