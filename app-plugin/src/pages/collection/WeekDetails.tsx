import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, ClipboardButton, Icon, Stack, Text, useStyles2, useTheme2 } from '@grafana/ui';
import { Facts } from '../../components/Facts';
import { formatCount } from '../../format/count';
import { formatDays } from '../../format/days';
import { formatAgo, formatInstant } from '../../format/instant';
import { formatWindow } from '../../format/window';
import { selectors } from '../../selectors';
import { WEEK_AGE } from '../../wording/week-age';
import { WEEK_STATE } from '../../wording/week-state';
import { DoubtfulWeek } from './DoubtfulWeek';
import { RetryWeek } from './RetryWeek';

interface WeekDetailsProps {
  collection: CollectionDetail;
  week: Week;
}

/** Everything known of the chosen week, what went wrong with it, and what to do. */
export function WeekDetails({ collection, week }: WeekDetailsProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const { label, icon, meaning, color } = WEEK_STATE[week.state];
  return (
    <section className={styles.panel} aria-labelledby="amc-week" data-testid={selectors.collection.details}>
      <Stack direction="column" gap={2}>
        <div>
          <Text element="h3" variant="h4" id="amc-week">
            {formatWindow(collection.window, week)}
          </Text>
          <span style={{ color: color(theme).text }}>
            <Icon key={icon} name={icon} aria-hidden /> {label}
          </span>
          <Text element="p" color="secondary">
            {meaning}
          </Text>
        </div>
        {week.error && (
          <Alert severity={week.state === 'failed' ? 'error' : 'warning'} title={week.error.message} bottomSpacing={0}>
            <p>{week.error.remedy}</p>
            <Text variant="bodySmall" color="secondary">{`${week.error.code} · ${formatInstant(week.error.at)}`}</Text>
          </Alert>
        )}
        <DoubtfulWeek collection={collection} week={week} />
        <Facts facts={factsOf(week, collection.window === 'month' ? formatDays(week.firstDay, week.lastDay) : null)} />
        <RetryWeek collection={collection} week={week} />
      </Stack>
    </section>
  );
}

/** Grafana keeps code on one line, which an execution id does not fit. */
const wrapping = css({ whiteSpace: 'normal', overflowWrap: 'anywhere' });

/** @param days where the title does not say them */
function factsOf(week: Week, days: string | null) {
  const { age, served, rows, attempt, executionId, collectedAt, restatements, notBefore, state, dataVersion } = week;
  const waits = notBefore !== null && Date.parse(notBefore) > Date.now() && state !== 'done';
  return [
    { label: 'Age', value: `${WEEK_AGE[age].label}. ${WEEK_AGE[age].meaning}` },
    { label: 'Days', value: days },
    { label: 'On dashboards', value: served ? 'Yes' : 'No, nothing was accepted yet' },
    { label: 'Rows', value: formatCount(rows) },
    { label: 'Collected', value: collectedAt ? `${formatInstant(collectedAt)} (${formatAgo(collectedAt)})` : null },
    {
      label: 'Restatements',
      value:
        dataVersion > 0
          ? restatements === 0
            ? 'None: Amazon has not changed it'
            : `Amazon changed it ${formatCount(restatements)} ${restatements === 1 ? 'time' : 'times'}`
          : null,
    },
    { label: 'Retries', value: formatCount(attempt) },
    { label: 'Waits until', value: waits ? formatInstant(notBefore) : null },
    {
      label: 'Execution',
      value: executionId && (
        <Stack gap={1} alignItems="center" wrap="wrap">
          <code className={wrapping}>{executionId}</code>
          <ClipboardButton
            getText={() => executionId}
            variant="secondary"
            fill="text"
            size="sm"
            icon="copy"
            aria-label="Copy the execution id"
          />
        </Stack>
      ),
    },
  ];
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    padding: theme.spacing(2),
    borderRadius: theme.shape.radius.default,
    border: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.secondary,
    '& p': { margin: 0 },
  }),
});
