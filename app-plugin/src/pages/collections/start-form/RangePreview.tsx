import { Box, Text } from '@grafana/ui';
import { countOf } from '../../../format/count';
import { formatRange, type IsoDate } from '../../../format/week';
import { selectors } from '../../../selectors';

interface RangePreviewProps {
  range: { first: IsoDate; last: IsoDate; count: number } | undefined;
  timeZone: string | undefined;
}

/** Which days will be asked for, before anything is paid for. */
export function RangePreview({ range, timeZone }: RangePreviewProps) {
  return (
    <Box marginBottom={2} padding={1.5} backgroundColor="secondary" data-testid={selectors.startForm.preview}>
      <div aria-live="polite">
        {range ? (
          <>
            <Text weight="medium">{`${countOf(range.count, 'week')}: ${formatRange(range.first, range.last)}`}</Text>
            <Text element="p" variant="bodySmall" color="secondary">
              {`Monday to Sunday${timeZone ? `, in ${timeZone}` : ''}. One query to Amazon per week.`}
            </Text>
          </>
        ) : (
          <Text color="secondary">Choose the weeks to see the days they cover.</Text>
        )}
      </div>
    </Box>
  );
}
