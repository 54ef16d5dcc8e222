import type { IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { dayNumber, dayOf, mod } from './day.ts';

/**
 * Incidents planted in the events, so that anomaly detection has something true to find. Each returns by the calendar
 * alone (every so many days), which keeps a day's events independent of when the sandbox was started.
 * docs/sandbox.md lists them; GET /sandbox/incidents answers with their dates.
 */
export interface IncidentEffect {
  /** Factors on an average day: rows, click rate, cost of a click or impression, conversion rate, order value. */
  readonly rows?: number;
  readonly clicks?: number;
  readonly cost?: number;
  readonly conversions?: number;
  readonly orderValue?: number;
}

export interface IncidentKind {
  readonly name: string;
  readonly what: string;
  readonly advertiser: number;
  /** Absent: every campaign of the advertiser. */
  readonly campaigns?: readonly number[];
  readonly everyDays: number;
  readonly offset: number;
  readonly lastsDays: number;
  /** Effect on a day of the incident, 0 being its first. */
  readonly effect: (day: number) => IncidentEffect;
}

export const INCIDENT_KINDS: readonly IncidentKind[] = [
  {
    name: 'bid_spike',
    what: 'The cost of a click rises to two and a half times its level in the largest tent campaign',
    advertiser: 1,
    campaigns: [1],
    everyDays: 91,
    offset: 20,
    lastsDays: 5,
    effect: () => ({ cost: 2.5 }),
  },
  {
    name: 'tracking_outage',
    what: 'Conversions of Luma Home & Kitchen all but vanish while traffic goes on',
    advertiser: 2,
    everyDays: 119,
    offset: 31,
    lastsDays: 2,
    effect: () => ({ conversions: 0.04 }),
  },
  {
    name: 'click_flood',
    what: 'Clicks without purchases flood the blocks campaign',
    advertiser: 3,
    campaigns: [41],
    everyDays: 147,
    offset: 66,
    lastsDays: 3,
    effect: () => ({ clicks: 5, conversions: 0.1 }),
  },
  {
    name: 'budget_ran_out',
    what: 'The cookware campaign runs out of budget and almost stops',
    advertiser: 2,
    campaigns: [23],
    everyDays: 105,
    offset: 9,
    lastsDays: 4,
    effect: () => ({ rows: 0.12 }),
  },
  {
    name: 'out_of_stock',
    what: 'Northwind Toys is out of stock: people click and cannot buy',
    advertiser: 3,
    everyDays: 133,
    offset: 101,
    lastsDays: 7,
    effect: () => ({ conversions: 0.25 }),
  },
  {
    name: 'creative_fatigue',
    what: 'The prospecting creative wears out: its click rate sinks day by day, then is renewed',
    advertiser: 1,
    campaigns: [12],
    everyDays: 126,
    offset: 58,
    lastsDays: 21,
    effect: (day) => ({ clicks: 1 - 0.75 * (day / 20) }),
  },
  {
    name: 'price_drop',
    what: 'Bärenfels sells at a discount: more orders of a lower value',
    advertiser: 4,
    everyDays: 84,
    offset: 47,
    lastsDays: 3,
    effect: () => ({ conversions: 1.7, orderValue: 0.6 }),
  },
];

/** Which day of the incident a day is, or undefined outside it. */
const dayWithin = (kind: IncidentKind, number: number): number | undefined => {
  const phase = mod(number + kind.offset, kind.everyDays);
  return phase < kind.lastsDays ? phase : undefined;
};

/** All effects on a campaign that day. */
export function incidentEffects(campaign: { key: number; advertiser: number }, day: IsoDate): IncidentEffect[] {
  const number = dayNumber(day);
  return INCIDENT_KINDS.flatMap((kind) => {
    if (kind.advertiser !== campaign.advertiser) return [];
    if (kind.campaigns && !kind.campaigns.includes(campaign.key)) return [];
    const within = dayWithin(kind, number);
    return within === undefined ? [] : [kind.effect(within)];
  });
}

export interface Incident {
  name: string;
  what: string;
  advertiser: number;
  campaigns?: readonly number[];
  from: IsoDate;
  /** Last day, included. */
  to: IsoDate;
}

/** The incidents that touch a range of UTC days, both included. */
export function incidentsBetween(from: IsoDate, to: IsoDate): Incident[] {
  const found: Incident[] = [];
  for (let number = dayNumber(from); number <= dayNumber(to); number++) {
    for (const kind of INCIDENT_KINDS) {
      const within = dayWithin(kind, number);
      if (within === undefined || (within > 0 && number > dayNumber(from))) continue;
      found.push({
        name: kind.name,
        what: kind.what,
        advertiser: kind.advertiser,
        ...(kind.campaigns && { campaigns: kind.campaigns }),
        from: dayOf(number - within),
        to: dayOf(number - within + kind.lastsDays - 1),
      });
    }
  }
  return found;
}
