import type { AnnotationQuery, QueryEditorProps } from '@grafana/data';
import { RadioButtonGroup, Stack, Text } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { words } from '../words';
import { CatalogueGate } from './CatalogueGate';
import { named, queryTypes } from './labels';
import { LabelledField } from './LabelledField';
import { SourceFields } from './SourceFields';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings> & {
  annotation?: AnnotationQuery<AmcQuery>;
  onAnnotationChange?: (annotation: AnnotationQuery<AmcQuery>) => void;
};

/** Annotations mark restatements, or failed and held weeks as well; the dataset and the instances are left to choose. */
export function AnnotationEditor({ query, datasource, annotation, onAnnotationChange, onChange }: Props) {
  const asked = { ...query, ...annotation?.target };
  const queryType = asked.queryType === 'events' ? 'events' : 'restatements';
  const target: AmcQuery = { ...asked, refId: asked.refId ?? 'Anno', queryType };
  const change = (part: Partial<AmcQuery>) => {
    const changed: AmcQuery = { ...target, ...part, metrics: [], dimensions: [] };
    if (annotation && onAnnotationChange) {
      onAnnotationChange({ ...annotation, target: changed });
    } else {
      onChange(changed);
    }
  };
  const { restatements, events } = queryTypes();
  return (
    <div data-testid={selectors.annotation.editor}>
      <CatalogueGate datasource={datasource}>
        {(catalogue) => (
          <Stack direction="column" gap={1}>
            <Text color="secondary">
              {queryType === 'events'
                ? words('annotation.events', 'Marks weeks that Amazon changed, that failed, and that are held until somebody decides.')
                : words(
                    'annotation.restatements',
                    'Marks the moment when Amazon changed a week that was already shown, with what changed.',
                  )}
            </Text>
            <Stack wrap="wrap" gap={1}>
              <LabelledField label={words('annotation.marks', 'Marks')}>
                {({ id }) => (
                  <RadioButtonGroup
                    id={id}
                    aria-label={words('annotation.marks', 'Marks')}
                    data-testid={selectors.annotation.kind}
                    options={named({ restatements, events })}
                    value={queryType}
                    onChange={(kind) => change({ queryType: kind as AmcQuery['queryType'] })}
                  />
                )}
              </LabelledField>
              <SourceFields
                query={target}
                catalogue={catalogue}
                datasource={datasource}
                onChange={({ dataset, instances }) => change(instances ? { instances } : { dataset })}
              />
            </Stack>
          </Stack>
        )}
      </CatalogueGate>
    </div>
  );
}
