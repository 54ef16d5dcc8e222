import { Combobox, Field, Input, Stack } from '@grafana/ui';
import { addDays, formatDate, type IsoDate } from '../../../format/week';
import { selectors } from '../../../selectors';
import type { Draft, DraftField } from './draft';

interface RangeFieldsProps {
  draft: Draft;
  collectable: readonly IsoDate[];
  errorOf: (field: DraftField) => { invalid?: boolean; error?: string };
  onChange: (part: Partial<Draft>) => void;
}

/** Which weeks: how many of the newest, or from one Monday to another. */
export function RangeFields({ draft, collectable, errorOf, onChange }: RangeFieldsProps) {
  if (draft.mode === 'newest') {
    return (
      <Field label="Number of weeks" htmlFor="amc-weeks" {...errorOf('weeks')}>
        <Input
          id="amc-weeks"
          type="number"
          min={1}
          max={collectable.length}
          width={16}
          value={draft.weeks}
          onChange={({ currentTarget }) => onChange({ weeks: currentTarget.value })}
          data-testid={selectors.startForm.weeks}
        />
      </Field>
    );
  }
  return (
    <Stack gap={2} wrap="wrap">
      <Field label="First week" htmlFor="amc-first-week" {...errorOf('firstWeek')}>
        <Combobox
          id="amc-first-week"
          width={32}
          options={collectable.map((value) => ({ value, label: formatDate(value) }))}
          value={draft.firstWeek}
          onChange={({ value }) => onChange({ firstWeek: value })}
          placeholder="Its Monday"
          data-testid={selectors.startForm.firstWeek}
        />
      </Field>
      <Field label="Last week" htmlFor="amc-last-week" {...errorOf('lastWeek')}>
        <Combobox
          id="amc-last-week"
          width={32}
          options={collectable.map((value) => ({ value, label: formatDate(value), description: `to ${formatDate(addDays(value, 6))}` }))}
          value={draft.lastWeek}
          onChange={({ value }) => onChange({ lastWeek: value })}
          placeholder="Its Monday"
          data-testid={selectors.startForm.lastWeek}
        />
      </Field>
    </Stack>
  );
}
