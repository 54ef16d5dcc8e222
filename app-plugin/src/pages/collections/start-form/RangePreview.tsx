import type { CollectableWindows } from '@amc-reports/collector-service/contract';
import { Box, Text } from '@grafana/ui';
import { countOf } from '../../../format/count';
import { formatSpan, type WindowKind } from '../../../format/window';
import { selectors } from '../../../selectors';
import { countWindows, windowNoun } from '../../../wording/windows';
import type { Range } from './draft';

interface RangePreviewProps {
  range: Range | undefined;
  collectable: CollectableWindows;
}

const DAYS: Record<WindowKind, string> = {
  week: 'Monday to Sunday',
  month: 'Whole calendar months',
  '4_weeks': 'Four weeks that end on a Sunday; a window for each week, so they overlap',
  '13_weeks': 'Thirteen weeks that end on a Sunday; a window for each week, so they overlap',
};

/** Which days will be asked for, and in how many executions, before anything is paid for. */
export function RangePreview({ range, collectable: { window, timeZone } }: RangePreviewProps) {
  return (
    <Box marginBottom={2} padding={1.5} backgroundColor="secondary" data-testid={selectors.startForm.preview}>
      <div aria-live="polite">
        {range ? (
          <>
            <Text weight="medium">
              {`${countWindows(range.count, window)}: ${formatSpan(window, { firstDay: range.first.firstDay, lastDay: range.last.lastDay })}`}
            </Text>
            <Text element="p" variant="bodySmall" color="secondary">
              {`${DAYS[window]}, in ${timeZone}. ${countOf(range.count, 'execution')} at Amazon, one per ${windowNoun(window)}.`}
            </Text>
          </>
        ) : (
          <Text color="secondary">Choose the time range to see the days it covers.</Text>
        )}
      </div>
    </Box>
  );
}
