import type { QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import { EXAMPLES } from './examples';

/** The cheat sheet of Explore: questions to click, then what the words mean. */
export function QueryHelp({ onClickExample }: QueryEditorHelpProps<AmcQuery>) {
  return (
    <Stack direction="column" gap={2}>
      <Text element="h3">Questions to start with</Text>
      {EXAMPLES.map(({ title, text, query }) => (
        <Stack key={title} direction="column" gap={0.5} alignItems="flex-start">
          <Button
            fill="text"
            size="sm"
            data-testid={selectors.help.example(title)}
            onClick={() => onClickExample({ refId: 'A', version: QUERY_VERSION, ...query })}
          >
            {title}
          </Button>
          <Text color="secondary">{text}</Text>
        </Stack>
      ))}
      <Text element="h3">Good to know</Text>
      <ul>
        <li>
          A range means the days it covers in the time zone of the time picker. Alert rules and shared dashboards have none, and mean days
          in UTC. Incomplete buckets are left out, or marked if you switch that on.
        </li>
        <li>
          Weeks run from Monday in the instance&apos;s time zone. A day is drawn at its midnight in UTC: show the dashboard in UTC, and the
          axis reads the same everywhere.
        </li>
        <li>Money of different currencies is never added: there is one series per currency.</li>
        <li>
          Reach and other counts of people are never added up, so not every breakdown has a number. A range has one when one execution
          covers exactly it: a week, 4 weeks, 13 weeks or a month that was collected. A notice names those that exist.
        </li>
        <li>
          Amazon hides small groups. They count in totals and show as (suppressed) after all others in breakdowns, or are left out there if
          you switch them off; a notice tells their share.
        </li>
        <li>
          A week may change for weeks after it ended. Add the Restatements annotation to see when it did; Growth of weeks shows by how much.
        </li>
        <li>A filter without values, or with a variable at All, filters nothing.</li>
      </ul>
    </Stack>
  );
}
