import type { QueryEditorProps } from '@grafana/data';
import { Combobox, Stack } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import { CatalogueGate } from '../editor/CatalogueGate';
import { FiltersField } from '../editor/FiltersField';
import { LabelledField } from '../editor/LabelledField';
import { datasetOptions, dimensionOptions, named, variableOptions } from '../editor/options';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { CutNotice } from './CutNotice';
import { VARIABLE_KINDS, type AmcVariableQuery } from './variable-query';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings, AmcVariableQuery>;

const kinds = named(VARIABLE_KINDS);

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
          const dimensions = [
            ...new Map((about ? [about] : catalogue.datasets).flatMap(dimensionOptions).map((option) => [option.value, option])).values(),
          ];
          const variables = variableOptions(datasource.variableNames());
          return (
            <Stack direction="column" gap={1}>
              <Stack wrap="wrap" gap={1}>
                <LabelledField label="List">
                  {(ids) => (
                    <Combobox
                      {...ids}
                      data-testid={selectors.variable.kind}
                      width={28}
                      options={kinds}
                      value={kind}
                      onChange={(option) => change({ kind: option.value })}
                    />
                  )}
                </LabelledField>
                {(kind === 'values' || kind === 'metrics') && (
                  <LabelledField label="Dataset" tooltip="Leave it open to look in every dataset">
                    {(ids) => (
                      <Combobox
                        {...ids}
                        data-testid={selectors.variable.dataset}
                        width={30}
                        isClearable
                        placeholder="Any"
                        options={[...datasetOptions(catalogue), ...variables]}
                        value={dataset ?? null}
                        onChange={(option) => change({ dataset: option?.value })}
                      />
                    )}
                  </LabelledField>
                )}
                {kind === 'values' && (
                  <LabelledField label="Dimension">
                    {(ids) => (
                      <Combobox
                        {...ids}
                        data-testid={selectors.variable.dimension}
                        width={30}
                        placeholder="Choose a dimension"
                        options={dimensions}
                        value={dimension ?? null}
                        onChange={(option) => change({ dimension: option.value })}
                      />
                    )}
                  </LabelledField>
                )}
              </Stack>
              {kind === 'values' && (
                <LabelledField label="Only with" tooltip="Filters; choose another variable as a value to make this list follow it">
                  {() => (
                    <FiltersField
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
