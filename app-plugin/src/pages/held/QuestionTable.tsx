import type { HeldQuestion } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Checkbox, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { formatAgo } from '../../format/instant';
import { formatSpan } from '../../format/window';
import { pagePath } from '../../paths';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { countWindows } from '../../wording/windows';
import { keyOf } from './questions';

interface QuestionTableProps {
  questions: readonly HeldQuestion[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** A line per question. An Editor ticks those to decide about; the box above ticks all that are shown. */
export function QuestionTable({ questions, chosen, onChoose }: QuestionTableProps) {
  const styles = useStyles2(getStyles);
  const keys = questions.map(keyOf);
  const ticked = keys.filter((key) => chosen.has(key)).length;
  const choose = (changed: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const key of changed)
      if (isChosen) next.add(key);
      else next.delete(key);
    onChoose(next);
  };
  return (
    <table className={styles.table} data-testid={selectors.held.table}>
      <thead>
        <tr>
          {hasRole('Editor') && (
            <th scope="col">
              <Checkbox
                value={ticked === questions.length}
                indeterminate={ticked > 0 && ticked < questions.length}
                onChange={({ currentTarget }) => choose(keys, currentTarget.checked)}
                aria-label="Choose all that are shown"
              />
            </th>
          )}
          {['Collection', 'Days', 'Why', 'Held'].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {questions.map((question, index) => (
          <tr key={keys[index]} data-testid={selectors.held.row(question.runIds[0]!)}>
            {hasRole('Editor') && (
              <td>
                <Checkbox
                  value={chosen.has(keys[index]!)}
                  onChange={({ currentTarget }) => choose([keys[index]!], currentTarget.checked)}
                  aria-label={`Choose ${question.collection}, ${daysOf(question)}`}
                />
              </td>
            )}
            <QuestionCells question={question} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const daysOf = (question: HeldQuestion): string => formatSpan(question.window, question);

function QuestionCells({ question }: { question: HeldQuestion }) {
  const { collectionId, collection, instanceName, dataset, runIds, lastWeek, message, empty, acceptable, heldAt } = question;
  return (
    <>
      <td>
        <Stack direction="column" gap={0}>
          <TextLink href={`${pagePath('collections/:id', { id: collectionId })}?week=${lastWeek}`} inline={false}>
            {collection}
          </TextLink>
          <Text variant="bodySmall" color="secondary">{`${instanceName} · ${dataset}`}</Text>
        </Stack>
      </td>
      <td>
        <Stack direction="column" gap={0}>
          <span>{daysOf(question)}</span>
          <Text variant="bodySmall" color="secondary">
            {countWindows(runIds.length, question.window) + (runIds.length === 1 ? '' : ' in a row')}
            {empty && ' without a row'}
          </Text>
        </Stack>
      </td>
      <td>
        <Stack direction="column" gap={0}>
          <span>{message}</span>
          {!acceptable && (
            <Text variant="bodySmall" color="warning">
              It could not be read as rows, so it cannot be accepted.
            </Text>
          )}
        </Stack>
      </td>
      <td>{formatAgo(heldAt)}</td>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    'th, td': { padding: theme.spacing(1), textAlign: 'left', verticalAlign: 'top' },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium, whiteSpace: 'nowrap' },
    'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
    'tbody tr:hover': { background: theme.colors.action.hover },
  }),
});
