import type { QueryEditorProps } from '@grafana/data';
import { RadioButtonGroup, Stack } from '@grafana/ui';
import { useEffect } from 'react';
import type { AmcDatasource } from '../datasource';
import { isAboutWeeks, isComplete } from '../defaults';
import { migrateQuery } from '../migrations';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { CatalogueGate } from './CatalogueGate';
import { GrowthForm } from './GrowthForm';
import { Hints } from './Hints';
import { hintsFor } from './hints';
import { LabelledField } from './LabelledField';
import { MetricsForm } from './MetricsForm';
import { named } from './options';
import { rangeHints } from './range-hints';
import { SourceFields } from './SourceFields';
import { QUERY_TYPES } from './words';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings>;

const queryTypes = named(QUERY_TYPES).map(({ value, label }) => ({ value, label: label ?? value }));

/**
 * In Explore the mouse has a tooltip of Grafana's open while a box closes its list. A change within that event renders both
 * until React gives up (#185, Explore then shows an error instead of the page); a task later the tooltip is at rest.
 */
const afterTheEvent = (act: () => void) => void setTimeout(act);

/** Asks in the words of the catalogue. A change that gives a complete query runs it. */
export function QueryEditor({ query: saved, datasource, app, range, data, onChange, onRunQuery }: Props) {
  const query = migrateQuery(saved);
  useEffect(() => {
    if (query !== saved) {
      onChange(query);
    }
    // Only when another query is opened: what is being edited has today's form already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [saved.refId]);

  const change = (part: Partial<AmcQuery>) => {
    const changed = { ...query, ...part, version: QUERY_VERSION };
    afterTheEvent(() => {
      onChange(changed);
      if (isComplete(changed)) {
        onRunQuery();
      }
    });
  };

  return (
    <div data-testid={selectors.query.editor}>
      <CatalogueGate datasource={datasource}>
        {(catalogue) => (
          <Stack direction="column" gap={1}>
            <Stack wrap="wrap" gap={1}>
              <LabelledField
                label="Query type"
                tooltip="Metrics; growth: how weeks grew run by run; restatements: weeks that Amazon changed; freshness: the state of every week"
              >
                {(ids) => (
                  <RadioButtonGroup
                    id={ids.id}
                    aria-label="Query type"
                    data-testid={selectors.query.queryType}
                    options={queryTypes}
                    // Grafana starts an alert rule with an empty text.
                    value={query.queryType || 'metrics'}
                    onChange={(queryType) => change({ queryType })}
                  />
                )}
              </LabelledField>
              <SourceFields query={query} catalogue={catalogue} datasource={datasource} onChange={change} />
            </Stack>
            {isAboutWeeks(query) ? (
              <Hints hints={hintsFor(query, catalogue, app)} onFix={change} />
            ) : query.queryType === 'week_growth' ? (
              <GrowthForm
                query={query}
                catalogue={catalogue}
                datasource={datasource}
                hints={hintsFor(query, catalogue, app)}
                onChange={change}
              />
            ) : (
              <MetricsForm query={query} catalogue={catalogue} datasource={datasource} app={app} onChange={change} />
            )}
            <Hints hints={rangeHints({ query, app, range, data })} onFix={change} />
          </Stack>
        )}
      </CatalogueGate>
    </div>
  );
}
