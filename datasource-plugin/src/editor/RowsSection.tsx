import type { CoreApp } from '@grafana/data';
import { InlineSwitch, Stack } from '@grafana/ui';
import { restOf } from '../defaults';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { LabelledField } from './LabelledField';
import { Section } from './Section';

interface Props {
  query: AmcQuery;
  app: CoreApp | undefined;
  onChange: (change: Partial<AmcQuery>) => void;
}

/** Which buckets and rows are shown at all. */
export function RowsSection({ query, app, onChange }: Props) {
  const partial = words('partial.label', 'Incomplete buckets');
  const rest = words('rest.label', 'Show what Amazon hid');
  const latest = words('latest.label', 'Newest only');
  return (
    <Section
      title={words('rows.title', 'What is shown')}
      summary={[
        query.partial === 'mark' && partial,
        query.rest === 'show' && rest,
        query.rest === 'hide' && words('rest.hidden', 'Without what Amazon hid'),
        query.latest && latest,
      ]}
      testId={selectors.query.rowsSection}
    >
      <Stack wrap="wrap" gap={1}>
        <LabelledField
          label={partial}
          tooltip={words('partial.tooltip', 'Show buckets that are not fully collected, marked. They are left out otherwise')}
        >
          {({ id }) => (
            <InlineSwitch
              id={id}
              data-testid={selectors.query.partial}
              value={query.partial === 'mark'}
              onChange={(event) => onChange({ partial: event.currentTarget.checked ? 'mark' : 'drop' })}
            />
          )}
        </LabelledField>
        <LabelledField
          label={rest}
          tooltip={words(
            'rest.tooltip',
            'Breakdowns lack what Amazon hid for privacy. On: it is a last row or series, (suppressed), after all others. Off, as for numbers and the newest bucket: it is left out, and the notice still says how much it is. Totals hold it either way',
          )}
        >
          {({ id }) => (
            <InlineSwitch
              id={id}
              data-testid={selectors.query.rest}
              value={restOf(query, app) === 'show'}
              onChange={(event) => onChange({ rest: event.currentTarget.checked ? 'show' : 'hide' })}
            />
          )}
        </LabelledField>
        <LabelledField
          label={latest}
          tooltip={words('latest.tooltip', 'Only the newest complete bucket of the range: what alert rules ask for')}
        >
          {({ id }) => (
            <InlineSwitch
              id={id}
              data-testid={selectors.query.latest}
              value={query.latest ?? false}
              onChange={(event) => onChange({ latest: event.currentTarget.checked })}
            />
          )}
        </LabelledField>
      </Stack>
    </Section>
  );
}
