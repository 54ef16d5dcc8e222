import type { AnnotationQuery, QueryEditorProps } from '@grafana/data';
import { Alert, Stack } from '@grafana/ui';
import type { AmcDatasource } from '../datasource';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { AmcSettings } from '../settings';
import { CatalogueGate } from './CatalogueGate';
import { SourceFields } from './SourceFields';

type Props = QueryEditorProps<AmcDatasource, AmcQuery, AmcSettings> & {
  annotation?: AnnotationQuery<AmcQuery>;
  onAnnotationChange?: (annotation: AnnotationQuery<AmcQuery>) => void;
};

/** Annotations mark restatements; only the dataset and the instances are left to choose. */
export function AnnotationEditor({ query, datasource, annotation, onAnnotationChange, onChange }: Props) {
  const target: AmcQuery = {
    ...query,
    ...annotation?.target,
    refId: annotation?.target?.refId ?? query.refId ?? 'Anno',
    queryType: 'restatements',
  };
  const change = ({ dataset, instances }: Partial<AmcQuery>) => {
    const changed: AmcQuery = { ...target, ...(instances ? { instances } : { dataset }), metrics: [], dimensions: [] };
    if (annotation && onAnnotationChange) {
      onAnnotationChange({ ...annotation, target: changed });
    } else {
      onChange(changed);
    }
  };
  return (
    <div data-testid={selectors.annotation.editor}>
      <Alert severity="info" title="Restatements" topSpacing={0}>
        Marks the moment when Amazon changed a week that was already shown, with what changed.
      </Alert>
      <CatalogueGate datasource={datasource}>
        {(catalogue) => (
          <Stack wrap="wrap" gap={1}>
            <SourceFields query={target} catalogue={catalogue} datasource={datasource} onChange={change} />
          </Stack>
        )}
      </CatalogueGate>
    </div>
  );
}
