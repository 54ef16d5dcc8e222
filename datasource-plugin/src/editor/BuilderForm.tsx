import type { CoreApp } from '@grafana/data';
import { RadioButtonGroup, Stack } from '@grafana/ui';
import type { Catalogue } from '../catalogue';
import type { AmcDatasource } from '../datasource';
import { isAboutWeeks } from '../defaults';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { GrowthForm } from './GrowthForm';
import { formats, named } from './labels';
import { LabelledField } from './LabelledField';
import { MetricsForm } from './MetricsForm';

interface Props {
  query: AmcQuery;
  catalogue: Catalogue;
  datasource: AmcDatasource;
  app: CoreApp | undefined;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** The fields of a query type. Those about weeks have only their source, and health a choice of numbers for alert rules. */
export function BuilderForm(props: Props) {
  const { query, onChange } = props;
  if (query.queryType === 'week_growth') {
    return <GrowthForm {...props} />;
  }
  if (!isAboutWeeks(query)) {
    return <MetricsForm {...props} />;
  }
  if (query.queryType !== 'collection_health') {
    return null;
  }
  const { table, numeric } = formats();
  const shown: 'table' | 'numeric' = query.format === 'numeric' ? 'numeric' : 'table';
  return (
    <Stack wrap="wrap" gap={1}>
      <LabelledField label={words('format.label', 'Format')}>
        {({ id }) => (
          <RadioButtonGroup
            id={id}
            aria-label={words('format.label', 'Format')}
            data-testid={selectors.query.format}
            options={named<'table' | 'numeric'>({ table, numeric })}
            value={shown}
            onChange={(format) => onChange({ format })}
          />
        )}
      </LabelledField>
    </Stack>
  );
}
