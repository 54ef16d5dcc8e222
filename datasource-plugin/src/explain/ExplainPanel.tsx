import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelData } from '@grafana/data';
import { ClipboardButton, Stack, Text, useStyles2 } from '@grafana/ui';
import { Section } from '../editor/Section';
import { selectors } from '../selectors';
import { words } from '../words';
import { explanationOf } from './explanation';
import { linesOf } from './lines';

interface Props {
  data: PanelData | undefined;
  refId: string;
}

/** How the last answer came about, in words, and its SQL. */
export function ExplainPanel({ data, refId }: Props) {
  const styles = useStyles2(getStyles);
  const found = explanationOf(data, refId);
  return (
    <Section title={words('explain.title', 'Explain')} summary={[]} testId={selectors.query.explain}>
      <div data-testid={selectors.query.explainText}>
        {!found && <Text color="secondary">{words('explain.nothing', 'Run the query: its answer is explained here.')}</Text>}
        {found?.explain && (
          <dl className={styles.list}>
            {linesOf(found.explain).map(({ name, text }) => (
              <div key={name} className={styles.line}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )}
        {found?.sql && (
          <Stack direction="column" gap={0.5} alignItems="flex-start">
            <ClipboardButton
              icon="copy"
              size="sm"
              variant="secondary"
              data-testid={selectors.query.copySql}
              getText={() => found.sql ?? ''}
            >
              {words('explain.copy', 'Copy SQL')}
            </ClipboardButton>
            <pre className={styles.sql}>{found.sql}</pre>
          </Stack>
        )}
      </div>
    </Section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ margin: theme.spacing(0, 0, 1) }),
  line: css({
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: theme.spacing(1),
    fontSize: theme.typography.bodySmall.fontSize,
    dt: { minWidth: 130, color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { flex: '1 1 320px', margin: 0 },
  }),
  sql: css({ width: '100%', maxHeight: 240, overflow: 'auto', whiteSpace: 'pre-wrap', fontSize: theme.typography.bodySmall.fontSize }),
});
