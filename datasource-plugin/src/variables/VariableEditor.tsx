import type { QueryEditorProps } from '@grafana/data';
import { Combobox, Stack } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import { CatalogueGate } from '../editor/CatalogueGate';
import { DimensionFilters } from '../editor/DimensionFilters';
import { named } from '../editor/labels';
import { LabelledField } from '../editor/LabelledField';
import { datasetOptions, dimensionOptions, variableOptions } from '../editor/options';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { words } from '../words';
import { CutNotice } from './CutNotice';
import { variableKinds, type AmcVariableQuery } from './variable-query';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings, AmcVariableQuery>;

/** Chooses which list fills a dashboard variable. Every change runs it at once, so that the preview below follows. */
export function VariableEditor({ query, onChange, datasource }: Props) {
  const { kind = 'values', dataset, dimension, filters = [] } = query;
  const change = (part: Partial<AmcVariableQuery>) => {
    const { search, ...changed } = { ...query, version: QUERY_VERSION, kind, ...part };
    onChange({ ...changed, ...(changed.kind === 'values' && search && { search }) });
  };
  return (
    <div data-testid={selectors.variable.editor}>
      <CatalogueGate datasource={datasource}>
        {(catalogue) => {
          const about = catalogue.datasets.find(({ name }) => name === dataset);
          const dimensions = dimensionOptions(catalogue, about ? [about] : catalogue.datasets, []).filter(({ infoOption }) => !infoOption);
          const variables = variableOptions(datasource.variableNames());
          return (
            <Stack direction="column" gap={1}>
              <Stack wrap="wrap" gap={1}>
                <LabelledField label={words('variable.list', 'List')}>
                  {(ids) => (
                    <Combobox
                      {...ids}
                      data-testid={selectors.variable.kind}
                      width={28}
                      options={named(variableKinds())}
                      value={kind}
                      onChange={(option) => change({ kind: option.value })}
                    />
                  )}
                </LabelledField>
                {(kind === 'values' || kind === 'metrics') && (
                  <LabelledField
                    label={words('dataset.label', 'Dataset')}
                    tooltip={words('variable.dataset-tooltip', 'Leave it open to look in every dataset')}
                  >
                    {(ids) => (
                      <Combobox
                        {...ids}
                        data-testid={selectors.variable.dataset}
                        width={30}
                        isClearable
                        placeholder={words('variable.any', 'Any')}
                        options={[...datasetOptions(catalogue), ...variables]}
                        value={dataset ?? null}
                        onChange={(option) => change({ dataset: option?.value })}
                      />
                    )}
                  </LabelledField>
                )}
                {kind === 'values' && (
                  <LabelledField label={words('filter.dimension', 'Dimension')}>
                    {(ids) => (
                      <Combobox
                        {...ids}
                        data-testid={selectors.variable.dimension}
                        width={30}
                        placeholder={words('variable.dimension-placeholder', 'Choose a dimension')}
                        options={dimensions}
                        value={dimension ?? null}
                        onChange={(option) => change({ dimension: option.value })}
                      />
                    )}
                  </LabelledField>
                )}
              </Stack>
              {kind === 'values' && (
                <LabelledField
                  label={words('variable.only-with', 'Only with')}
                  tooltip={words('variable.only-with-tooltip', 'Filters; choose another variable as a value to make this list follow it')}
                >
                  {() => (
                    <DimensionFilters
                      filters={filters}
                      dataset={dataset}
                      dimensions={dimensions}
                      datasource={datasource}
                      onChange={(changed) => change({ filters: changed })}
                    />
                  )}
                </LabelledField>
              )}
              <CutNotice datasource={datasource} query={query} onChange={change} />
            </Stack>
          );
        }}
      </CatalogueGate>
    </div>
  );
}
