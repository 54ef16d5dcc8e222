import type { Collection } from '@amc-reports/collector-service/contract';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { LinkButton, LoadingPlaceholder, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import { Fragment, type ReactNode } from 'react';
import { WeeksProgress } from '../../components/WeeksProgress';
import { useDashboard } from '../../data/dashboard';
import type { Datasource } from '../../data/datasource';
import { countOf, formatCount } from '../../format/count';
import { grafanaPaths, pagePath } from '../../paths';
import { PERFORMANCE_DASHBOARD_UID } from '../../plugin-id';
import { hasRole } from '../../role/role';
import { selectors } from '../../selectors';
import { isLeftAlone } from '../../wording/updates';
import { countKinds, countWindows } from '../../wording/windows';
import type { Hop } from './hops';
import type { NextStep } from './next-step';

interface NextStepPanelProps {
  step: NextStep | undefined;
  datasource?: Datasource;
  /** The first broken hop. */
  broken?: Hop | undefined;
}

/** The one thing to do now. */
export function NextStepPanel(props: NextStepPanelProps) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.panel} aria-labelledby="amc-next-step" data-testid={selectors.home.nextStep}>
      <h3 id="amc-next-step" className={styles.eyebrow}>
        Next step
      </h3>
      <Step {...props} />
    </section>
  );
}

function Step({ step, datasource, broken }: NextStepPanelProps) {
  switch (step?.kind) {
    case undefined:
      return <LoadingPlaceholder text="Looking where things stand" />;
    case 'choose-datasource':
      return hasRole('Admin') ? (
        <Words
          title="Connect the app to your collector"
          button={
            <LinkButton href={grafanaPaths.configuration} icon="cog">
              Choose a data source
            </LinkButton>
          }
        >
          Add an Amazon Marketing Cloud data source with the collector’s URL and token, then choose it in the app’s configuration.
        </Words>
      ) : (
        <Words title="Ask an Admin to connect the app">
          The app needs an Amazon Marketing Cloud data source, which only an Admin of this organisation can add.
        </Words>
      );
    case 'repair':
      return (
        <Words
          title={`Repair the way to your data: ${broken?.title ?? 'a hop is broken'}`}
          button={
            datasource && hasRole('Admin') && (broken?.name === 'datasource' || broken?.name === 'collector') ? (
              <LinkButton href={grafanaPaths.datasource(datasource.uid)} variant="secondary" icon="cog">
                Settings of the data source
              </LinkButton>
            ) : undefined
          }
        >
          {broken?.remedy ?? broken?.message ?? 'The list of hops shows where it breaks and what to do.'} The page looks again every 15
          seconds.
        </Words>
      );
    case 'start':
      return hasRole('Editor') ? (
        <Words
          title="Start your first collection"
          button={
            <LinkButton href={`${pagePath('collections')}?start=true`} icon="plus">
              Start a collection
            </LinkButton>
          }
        >
          Everything is connected. Choose a dataset and how far back to go; 52 weeks give you a year, and later on a comparison with the
          year before.
        </Words>
      ) : (
        <Words title="Nothing is collected yet">Everything is connected. Somebody with the role Editor has to start a collection.</Words>
      );
    case 'wait':
      return (
        <Words title={`${countOf(step.collections.length, 'collection')} under way`} button={<DashboardButton variant="secondary" />}>
          <Stack direction="column" gap={1.5}>
            {step.collections.slice(0, 5).map((collection) => (
              <div key={collection.id}>
                <TextLink href={pagePath('collections/:id', { id: collection.id })}>{collection.name}</TextLink>
                <WeeksProgress {...collection} />
              </div>
            ))}
            {step.collections.length > 5 && <TextLink href={`${pagePath('collections')}?state=collecting`}>Show all</TextLink>}
            <Text color="secondary">What is collected appears on the dashboard bit by bit.</Text>
          </Stack>
        </Words>
      );
    case 'look':
      return (
        <Words
          title={`Look at ${step.collection.name}`}
          button={
            <LinkButton href={pagePath('collections/:id', { id: step.collection.id })} icon="arrow-right">
              Open the collection
            </LinkButton>
          }
        >
          {step.collection.stopReason ?? `${troubleOf(step.collection)}. Dashboards keep what they showed before.`}
        </Words>
      );
    case 'resume':
      return (
        <Words
          title={`${step.collection.name} is paused`}
          button={<LinkButton href={pagePath('collections/:id', { id: step.collection.id })}>Open the collection</LinkButton>}
        >
          <WeeksProgress {...step.collection} />
        </Words>
      );
    case 'ready':
      return (
        <Words title="Your data is ready" button={<DashboardButton variant="primary" />}>
          <Ready collections={step.collections} />
        </Words>
      );
  }
}

/** '1 week failed, 3 weeks held'. */
const troubleOf = ({ window, weeks: { failed, held } }: Collection): string =>
  [...(failed > 0 ? [`${countWindows(failed, window)} failed`] : []), ...(held > 0 ? [`${countWindows(held, window)} held`] : [])].join(
    ', ',
  );

/** What is there, what never comes, and what nobody keeps up to date. */
function Ready({ collections }: { collections: readonly Collection[] }) {
  const missing = collections.map(({ window, weeksOutOfReach, weeksSetAside }) => ({ window, count: weeksOutOfReach + weeksSetAside }));
  const alone = collections.filter(isLeftAlone);
  return (
    <Stack direction="column" gap={1.5}>
      <span>
        {missing.some(({ count }) => count > 0) ? `Missing, and will not come: ${countKinds(missing)}.` : 'Everything is collected.'} The
        Performance dashboard shows spend, sales, ROAS and more, with comparison and freshness.
      </span>
      {alone.length > 0 && (
        <span>
          {'Not kept up to date, since no schedule holds them: '}
          {alone.slice(0, 5).map(({ id, name }, index) => (
            <Fragment key={id}>
              {index > 0 && ', '}
              <TextLink href={pagePath('collections/:id', { id })}>{name}</TextLink>
            </Fragment>
          ))}
          {alone.length > 5 ? ` and ${formatCount(alone.length - 5)} more.` : '.'}
        </span>
      )}
    </Stack>
  );
}

interface WordsProps {
  title: string;
  children: ReactNode;
  button?: ReactNode;
}

function Words({ title, children, button }: WordsProps) {
  return (
    <Stack direction="column" gap={1.5} alignItems="stretch">
      <Text element="h2" variant="h3">
        {title}
      </Text>
      <div>{children}</div>
      {button && <div>{button}</div>}
    </Stack>
  );
}

/** Leads to the Performance dashboard, or says that this Grafana has none. */
function DashboardButton({ variant }: { variant: 'primary' | 'secondary' }) {
  const { data: dashboard, isPending } = useDashboard(PERFORMANCE_DASHBOARD_UID);
  if (isPending) return null;
  if (!dashboard)
    return (
      <Text color="secondary">
        The Performance dashboard is not here; provision it from the folder dashboards, or ask for permission to see it.
      </Text>
    );
  return (
    <LinkButton href={dashboard.url} icon="apps" variant={variant}>
      Open the Performance dashboard
    </LinkButton>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    padding: theme.spacing(3),
    borderRadius: theme.shape.radius.default,
    border: `1px solid ${theme.colors.border.weak}`,
    background: theme.colors.background.secondary,
  }),
  eyebrow: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, margin: theme.spacing(0, 0, 1) }),
});
