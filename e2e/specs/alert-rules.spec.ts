import { expect, test } from '@grafana/plugin-e2e';
import { season } from '../../sandbox/src/events/season.ts';
import { settle } from '../stack/settings.ts';
import { concerns, plantedIncidents, RULES_OF, type Incident } from './alert-incidents.ts';
import { firing, shippedRules, type Alert } from './alert-rules.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const WEEKS = 52;
/** Weeks of history that the most demanding rule needs, and one more. */
const LEARNING_MS = 11 * WEEK_MS;
/** A day of an incident stays in sight of the rules that look at days for so long. */
const IN_SIGHT_MS = 16 * DAY_MS;

/** Noon of the Wednesday after a day's week, when that week is the newest complete one. */
const askedAfter = (day: string): number => {
  const noon = Date.parse(`${day}T12:00:00Z`);
  return noon - ((new Date(noon).getUTCDay() + 6) % 7) * DAY_MS + 9 * DAY_MS;
};

/** Whether the newest complete week, or the days in sight, hold a day of the incident. */
const isInSight = ({ from, to }: Incident, now: number): boolean => Date.parse(from) <= now && Date.parse(to) + DAY_MS >= now - IN_SIGHT_MS;

/** Whether everybody sells more in the week that begins with an incident, which can hide it. Clicks cost 15 % more then, else 2 % at most. */
const isInSale = ({ from }: Incident): boolean =>
  [0, 1, 2, 3, 4, 5, 6].some((day) => season(new Date(askedAfter(from) - (9 - day) * DAY_MS).toISOString().slice(0, 10)).cost > 1.1);

const said = (now: number, { uid, labels }: Alert): string =>
  `${new Date(now).toISOString().slice(0, 10)} ${uid} ${JSON.stringify(labels)}`;

test('over a year of weeks every rule fires for whom an incident concerns, and for nobody else', async ({ request }) => {
  const { dataDir, sandboxPort } = settle(process.env);
  test.skip(dataDir === undefined, 'The incidents are those of our own sandbox');
  test.setTimeout(600_000);
  const incidents = await plantedIncidents(sandboxPort);
  const rules = shippedRules();
  const newest = askedAfter(new Date(Date.now() - 10 * DAY_MS).toISOString().slice(0, 10));
  const oldest = newest - (WEEKS - 1) * WEEK_MS;

  const unexplained: string[] = [];
  const fired = new Map<number, Alert[]>();
  for (let now = oldest; now <= newest; now += WEEK_MS) {
    const alerts = (await Promise.all(rules.map((rule) => firing(request, rule, new Date(now))))).flat();
    fired.set(now, alerts);
    for (const alert of alerts) {
      const explained = incidents.some((incident) => {
        const { fire, may = [] } = RULES_OF[incident.name] ?? { fire: [] };
        return isInSight(incident, now) && concerns(incident, alert) && [...fire, ...may].includes(alert.uid);
      });
      if (!explained) unexplained.push(said(now, alert));
    }
  }
  expect(unexplained).toEqual([]);

  const judged = incidents.filter(
    (incident) => Date.parse(incident.from) >= oldest - WEEK_MS + LEARNING_MS && askedAfter(incident.from) <= newest && !isInSale(incident),
  );
  const isSeen = (incident: Incident, uid: string) =>
    fired.get(askedAfter(incident.from))?.some((alert) => alert.uid === uid && concerns(incident, alert)) ?? false;
  const missed = judged.flatMap((incident) =>
    (RULES_OF[incident.name]?.fire ?? [])
      .filter((uid) => !isSeen(incident, uid))
      .map((uid) => `${incident.name} of ${incident.from}: ${uid}`),
  );
  expect(missed).toEqual([]);

  // Neither is said of nothing: every kind of incident was seen by each of its rules, and most weeks are clean.
  for (const [name, { fire }] of Object.entries(RULES_OF)) {
    const alike = incidents.filter((incident) => incident.name === name);
    expect(fire.filter((uid) => !alike.some((incident) => isSeen(incident, uid)))).toEqual([]);
  }
  const quiet = [...fired.values()].filter((alerts) => alerts.length === 0);
  expect(fired.size).toBe(WEEKS);
  expect(quiet.length).toBeGreaterThan(WEEKS / 2);
});
