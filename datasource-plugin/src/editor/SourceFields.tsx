import { Combobox } from '@grafana/ui';
import { datasetOf, type Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import { isAboutWeeks } from '../defaults';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { LabelledField } from './LabelledField';
import { MultiChoice } from './MultiChoice';
import { chosen, datasetOptions, instanceOptions, variableOptions } from './options';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** Which dataset of which instances. */
export function SourceFields({ query, catalogue, datasource, onChange }: Props) {
  const variables = variableOptions(datasource.variableNames());
  const instances = instanceOptions(catalogue);
  const known = datasetOptions(catalogue);
  return (
    <>
      <LabelledField label={words('dataset.label', 'Dataset')}>
        {(ids) => (
          <Combobox
            {...ids}
            data-testid={selectors.query.dataset}
            width={30}
            placeholder={isAboutWeeks(query) ? words('dataset.all', 'All') : words('dataset.by-metrics', 'By its metrics')}
            isClearable
            options={[...known, ...variables]}
            value={query.dataset ? (chosen([query.dataset], known)[0] ?? null) : null}
            onChange={(option) => onChange(movedTo(query, catalogue, option?.value))}
          />
        )}
      </LabelledField>
      <LabelledField label={words('instances.label', 'Instances')} grow>
        {(ids) => (
          <MultiChoice
            {...ids}
            data-testid={selectors.query.instances}
            placeholder={words('dataset.all', 'All')}
            isClearable
            options={[...instances, ...variables]}
            value={chosen(query.instances, instances)}
            onChange={(instances) => onChange({ instances })}
          />
        )}
      </LabelledField>
    </>
  );
}

/** Another dataset keeps the metrics and dimensions that it has too; what it lacks would only make the query fail. */
function movedTo(query: AmcQuery, catalogue: Catalogue, name: string | undefined): Partial<AmcQuery> {
  const dataset = datasetOf(catalogue, { dataset: name });
  if (!name || !dataset) {
    return { dataset: name };
  }
  const metrics = (query.metrics ?? []).filter((metric) => metric.startsWith('$') || dataset.metrics.some((each) => each.name === metric));
  const first = dataset.metrics[0]?.name;
  return {
    dataset: name,
    metrics: metrics.length === 0 && first ? [first] : metrics,
    dimensions: (query.dimensions ?? []).filter(
      (dimension) =>
        dimension.startsWith('$') ||
        ['instance', 'currency'].includes(dimension) ||
        dataset.dimensions.some((each) => each.name === dimension),
    ),
    orderBy: undefined,
    ...(query.grain && query.grain !== 'auto' && !dataset.grains.includes(query.grain) && { grain: 'auto' as const }),
  };
}
