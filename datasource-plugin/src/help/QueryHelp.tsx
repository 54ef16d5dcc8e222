import type { QueryEditorHelpProps } from '@grafana/data';
import { Button, Stack, Text } from '@grafana/ui';
import { QUERY_VERSION, type AmcQuery } from '../query';
import { selectors } from '../selectors';
import { words } from '../words';
import { examples } from './examples';

/** The cheat sheet of Explore: questions to click, then what the words mean. */
export function QueryHelp({ onClickExample }: QueryEditorHelpProps<AmcQuery>) {
  return (
    <Stack direction="column" gap={2}>
      <Text element="h3">{words('help.questions', 'Questions to start with')}</Text>
      {examples().map(({ name, title, text, query }) => (
        <Stack key={name} direction="column" gap={0.5} alignItems="flex-start">
          <Button
            fill="text"
            size="sm"
            data-testid={selectors.help.example(name)}
            onClick={() => onClickExample({ refId: 'A', version: QUERY_VERSION, ...query })}
          >
            {title}
          </Button>
          <Text color="secondary">{text}</Text>
        </Stack>
      ))}
      <Text element="h3">{words('help.know', 'Good to know')}</Text>
      <ul>
        {goodToKnow().map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Stack>
  );
}

const goodToKnow = (): string[] => [
  words(
    'help.range',
    'A range means the days it covers in the time zone of the time picker. Alert rules and shared dashboards have none, and mean days in UTC. Incomplete buckets are left out, or marked if you switch that on.',
  ),
  words(
    'help.weeks',
    "Weeks run from Monday in the instance's time zone. A day is drawn at its midnight in UTC: show the dashboard in UTC, and the axis reads the same everywhere.",
  ),
  words('help.currency', 'Money of different currencies is never added: there is one series per currency, or choose one.'),
  words(
    'help.people',
    'Reach and other counts of people are never added up, so not every breakdown has a number. A range has one when one execution covers exactly it: a week, 4 weeks, 13 weeks or a month that was collected. A notice names those that exist.',
  ),
  words(
    'help.hidden',
    'Amazon hides small groups. They count in totals and show as (suppressed) after all others in breakdowns, or are left out there if you switch them off; a notice tells their share.',
  ),
  words(
    'help.settling',
    'A week may change for weeks after it ended. Add the Restatements annotation to see when it did; Growth of weeks shows by how much.',
  ),
  words('help.filters', 'A filter without values, or with a variable at All, filters nothing.'),
  words('help.explain', 'Explain, below the query, says which dataset and table answered, for which days, and what is missing.'),
];
