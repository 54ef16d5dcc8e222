import type { QueryEditorProps } from '@grafana/data';
import { Combobox, RadioButtonGroup, Stack } from '@grafana/ui';
import { useEffect } from 'react';
import { CodeForm } from '../code/CodeForm';
import type { AmcDatasource } from '../datasource';
import { isComplete } from '../defaults';
import { ExplainPanel } from '../explain/ExplainPanel';
import { migrateQuery } from '../migrations';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { words } from '../words';
import { BuilderForm } from './BuilderForm';
import { CatalogueGate } from './CatalogueGate';
import { Hints } from './Hints';
import { hintsFor } from './hints';
import { named, queryTypes, queryTypeTexts } from './labels';
import { LabelledField } from './LabelledField';
import { rangeHints } from './range-hints';
import { SourceFields } from './SourceFields';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings>;

/**
 * In Explore the mouse has a tooltip of Grafana's open while a box closes its list. A change within that event renders both
 * until React gives up (#185, Explore then shows an error instead of the page); a task later the tooltip is at rest.
 */
const afterTheEvent = (act: () => void) => void setTimeout(act);

/** Asks in the words of the catalogue, field by field or as JSON. A change that gives a complete query runs it. */
export function QueryEditor({ query: saved, datasource, app, range, data, onChange, onRunQuery }: Props) {
  const query = migrateQuery(saved);
  useEffect(() => {
    if (query !== saved) {
      onChange(query);
    }
    // Only when another query is opened: what is being edited has today's form already.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [saved.refId]);

  const become = (next: AmcQuery, run = true) => {
    const changed = { ...next, version: QUERY_VERSION };
    afterTheEvent(() => {
      onChange(changed);
      if (run && isComplete(changed)) {
        onRunQuery();
      }
    });
  };
  const change = (part: Partial<AmcQuery>) => become({ ...query, ...part });
  const mode = query.editorMode ?? 'builder';
  const modes = [
    { value: 'builder' as const, label: words('mode.builder', 'Builder') },
    { value: 'code' as const, label: words('mode.code', 'Code') },
  ];
  const types = named(queryTypes()).map((option) => ({ ...option, description: queryTypeTexts()[option.value] }));

  return (
    <div data-testid={selectors.query.editor}>
      <CatalogueGate datasource={datasource}>
        {(catalogue) => (
          <Stack direction="column" gap={1}>
            <Stack wrap="wrap" gap={1}>
              <RadioButtonGroup
                size="md"
                aria-label={words('mode.label', 'Editor')}
                options={modes}
                value={mode}
                onChange={(editorMode) => become({ ...query, editorMode }, false)}
              />
              {mode === 'builder' && (
                <>
                  <LabelledField label={words('type.label', 'Query type')}>
                    {(ids) => (
                      <Combobox
                        {...ids}
                        width={24}
                        data-testid={selectors.query.queryType}
                        options={types}
                        // Grafana starts an alert rule with an empty text.
                        value={query.queryType || 'metrics'}
                        onChange={({ value }) => change({ queryType: value })}
                      />
                    )}
                  </LabelledField>
                  <SourceFields query={query} catalogue={catalogue} datasource={datasource} onChange={change} />
                </>
              )}
            </Stack>
            {mode === 'code' ? (
              <CodeForm query={query} catalogue={catalogue} onChange={become} />
            ) : (
              <BuilderForm query={query} catalogue={catalogue} datasource={datasource} app={app} onChange={change} />
            )}
            <Hints
              hints={[...hintsFor(query, catalogue, app), ...rangeHints({ query, app, range, data, datasource: datasource.getRef() })]}
              onFix={change}
            />
            <ExplainPanel data={data} refId={query.refId} />
          </Stack>
        )}
      </CatalogueGate>
    </div>
  );
}
