import type { Collection, Health } from '@amc-reports/collector-service/contract';
import { Alert, Stack, Text, TextLink } from '@grafana/ui';
import { Facts } from '../../components/Facts';
import { Freshness } from '../../components/Freshness';
import { countOf, formatCount } from '../../format/count';
import { pagePath } from '../../paths';
import { currentRole, isBelow } from '../../role/role';
import { selectors } from '../../selectors';
import { countKinds } from '../../wording/windows';

interface KeyFactsProps {
  health: Health | undefined;
  collections: readonly Collection[] | undefined;
}

/** What is there, in a few numbers, and as whom the collector knows the person. */
export function KeyFacts({ health, collections }: KeyFactsProps) {
  if (!health && !collections) return null;
  const caller = health?.caller;
  const role = currentRole();
  return (
    <Stack direction="column" gap={2}>
      {caller && isBelow(caller.role, role) && (
        <Alert severity="warning" title={`You are ${role} in Grafana, but ${caller.role} for the collector`}>
          The collector could not check who you are, so it allows reading only. An Admin has to give the collector Grafana’s address and
          organisation (GRAFANA_ISSUER, GRAFANA_KEYS_URL, GRAFANA_ORGS).
        </Alert>
      )}
      <section aria-labelledby="amc-facts">
        <Stack direction="column" gap={1.5}>
          <Text element="h3" variant="h4" id="amc-facts">
            At a glance
          </Text>
          <Facts
            data-testid={selectors.home.facts}
            facts={[
              ...(collections ? factsOf(collections) : []),
              { label: 'Workspace', value: caller?.workspace ?? null },
              { label: 'Your role', value: caller ? `${caller.role}${caller.person ? ` as ${caller.person}` : ''}` : null },
              { label: 'Collector', value: health ? `Version ${health.version}` : null },
            ]}
          />
        </Stack>
      </section>
    </Stack>
  );
}

function factsOf(collections: readonly Collection[]) {
  const instants = collections.flatMap(({ dataAsOf }) => dataAsOf ?? []).sort();
  const done = collections.map(({ window, weeks }) => ({ window, count: weeks.done }));
  const attention = collections.map(({ window, weeks }) => ({ window, count: weeks.failed + weeks.held }));
  return [
    { label: 'Collections', value: <TextLink href={pagePath('collections')}>{countOf(collections.length, 'collection')}</TextLink> },
    { label: 'Collected', value: countKinds(done) },
    { label: 'To look at', value: attention.some(({ count }) => count > 0) ? countKinds(attention) : null },
    { label: 'Rows', value: formatCount(collections.reduce((sum, { rows }) => sum + rows, 0)) },
    { label: 'Data as of', value: <Freshness dataAsOf={instants.at(-1) ?? null} /> },
  ];
}
