import type { CollectableWindows } from '@amc-reports/collector-service/contract';
import { Combobox, Field, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import { formatWindow } from '../../../format/window';
import { selectors } from '../../../selectors';
import { windowNoun } from '../../../wording/windows';
import { countIn, type Draft, type DraftField } from './draft';

interface RangeFieldsProps {
  draft: Draft;
  collectable: CollectableWindows;
  errorOf: (field: DraftField) => { invalid?: boolean; error?: string };
  onChange: (part: Partial<Draft>) => void;
}

/** Which weeks, or other windows: how many of the newest, or from one to another. */
export function RangeFields({ draft, collectable: { window, windows }, errorOf, onChange }: RangeFieldsProps) {
  const noun = windowNoun(window);
  const options = windows.map((each) => ({ value: each.week, label: formatWindow(window, each) }));
  return (
    <>
      <Field label="Time range">
        <RadioButtonGroup
          options={[
            { value: 'newest', label: `The newest ${noun}s` },
            { value: 'range', label: 'From … to …' },
          ]}
          value={draft.mode}
          onChange={(mode: Draft['mode']) => onChange({ mode })}
          aria-label="How the time range is chosen"
        />
      </Field>
      {draft.mode === 'newest' ? (
        <Field label={`Number of ${noun}s`} htmlFor="amc-count" {...errorOf('count')}>
          <Input
            id="amc-count"
            type="number"
            min={1}
            max={windows.length}
            width={16}
            value={countIn(draft, windows)}
            onChange={({ currentTarget }) => onChange({ count: currentTarget.value })}
            data-testid={selectors.startForm.count}
          />
        </Field>
      ) : (
        <Stack gap={2} wrap="wrap">
          <Field label={`First ${noun}`} htmlFor="amc-first-week" {...errorOf('firstWeek')}>
            <Combobox
              id="amc-first-week"
              width={32}
              options={options}
              value={draft.firstWeek}
              onChange={({ value }) => onChange({ firstWeek: value })}
              placeholder={`Choose a ${noun}`}
              data-testid={selectors.startForm.firstWeek}
            />
          </Field>
          <Field label={`Last ${noun}`} htmlFor="amc-last-week" {...errorOf('lastWeek')}>
            <Combobox
              id="amc-last-week"
              width={32}
              options={options}
              value={draft.lastWeek}
              onChange={({ value }) => onChange({ lastWeek: value })}
              placeholder={`Choose a ${noun}`}
              data-testid={selectors.startForm.lastWeek}
            />
          </Field>
        </Stack>
      )}
    </>
  );
}
