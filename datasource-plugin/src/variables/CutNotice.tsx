import { Alert, Button, Stack } from '@grafana/ui';
import { useEffect, useState } from 'react';
import type { AmcDatasource } from '../datasource';
import { selectors } from '../selectors';
import { words } from '../words';
import { isVariableComplete, TYPED, type AmcVariableQuery } from './variable-query';
import { MOST_VALUES, valuesOf } from './values';

interface Props {
  datasource: AmcDatasource;
  query: AmcVariableQuery;
  onChange: (change: Partial<AmcVariableQuery>) => void;
}

/** Says when the list that the variable would offer is longer than one list can be, and offers a way to the rest of it. */
export function CutNotice({ datasource, query, onChange }: Props) {
  const { search: _, ...list } = query;
  const asked = JSON.stringify(list);
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
    // `asked` is the list by what it says, not by which object it is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [datasource, asked]);

  return cut === asked ? (
    <Alert
      severity="warning"
      title={words('cut.title', 'The list is cut')}
      topSpacing={0}
      bottomSpacing={0}
      data-testid={selectors.variable.cut}
    >
      <Stack alignItems="center" wrap="wrap">
        <span>
          {query.search
            ? words(
                'cut.typed',
                "There are more than {{number}} values; the list holds the first by name. Typing in the variable's box on the dashboard finds the others.",
                { number: MOST_VALUES.toLocaleString() },
              )
            : words(
                'cut.narrow',
                'There are more than {{number}} values; the list holds the first by name. Narrow it with filters, or have the others looked up while somebody types in the box on the dashboard.',
                { number: MOST_VALUES.toLocaleString() },
              )}
        </span>
        {!query.search && (
          <Button size="sm" variant="secondary" onClick={() => onChange({ search: TYPED })}>
            {words('cut.look-up', 'Look up while typing')}
          </Button>
        )}
      </Stack>
    </Alert>
  ) : null;
}
