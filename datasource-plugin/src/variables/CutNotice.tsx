import { Alert } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { AmcDatasource } from '../datasource';
import { selectors } from '../selectors';
import { isVariableComplete, type AmcVariableQuery } from './variable-query';
import { MOST_VALUES, valuesOf } from './values';

interface Props {
  datasource: AmcDatasource;
  query: AmcVariableQuery;
}

/** Says when the list that the variable would offer is longer than one list can be. */
export function CutNotice({ datasource, query }: Props) {
  const asked = JSON.stringify(query);
  const [cut, setCut] = useState<string>();
  useEffect(() => {
    let current = true;
    if (query.kind === 'values' && isVariableComplete(query)) {
      valuesOf(datasource, query, {}).then(
        ({ truncated }) => current && setCut(truncated ? asked : undefined),
        // Grafana asks for the same list for its preview, and shows why it failed.
        () => current && setCut(undefined),
      );
    }
    return () => {
      current = false;
    };
    // `asked` is the query by what it says, not by which object it is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [datasource, asked]);

  return cut === asked ? (
    <Alert severity="warning" title="The list is cut" topSpacing={0} bottomSpacing={0} data-testid={selectors.variable.cut}>
      There are more than {MOST_VALUES.toLocaleString('en')} values; these are the first by name. Narrow the list with filters. On the
      dashboard, typing in the variable&apos;s box finds the others.
    </Alert>
  ) : null;
}
