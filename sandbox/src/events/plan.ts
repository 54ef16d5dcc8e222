import { createHash } from 'node:crypto';
import type { IsoDate } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { CAMPAIGNS, type AdProduct, type Campaign } from './campaigns.ts';
import { dayNumber, mod } from './day.ts';
import { incidentEffects } from './incidents.ts';
import { season, type Season } from './season.ts';

/**
 * What one campaign does on one UTC day, as a function of seed, campaign and day alone. The SQL of generate.ts turns a
 * line into rows; everything about seasons, launches and incidents is decided here, where it can be read.
 */
export interface PlanLine {
  day: IsoDate;
  campaign: number;
  /** Seeds the hash of every row of the line. */
  seed: bigint;
  rows: number;
  /** Probabilities in 65,536ths: a row has a click; a click is followed by a purchase. */
  clickRate: number;
  purchaseRate: number;
  /** Cents for a click (sponsored ads) or millicents for an impression (DSP). */
  cost: number;
  orderCents: number;
  /** New-to-brand share of purchases in 256ths. */
  newToBrand: number;
}

interface Habit {
  clickRate: number;
  purchaseRate: number;
  cost: number;
  newToBrand: number;
}

const HABITS: Record<AdProduct, Habit> = {
  sponsored_products: { clickRate: 0.2, purchaseRate: 0.24, cost: 96, newToBrand: 0.56 },
  sponsored_brands: { clickRate: 0.14, purchaseRate: 0.2, cost: 118, newToBrand: 0.62 },
  sponsored_display: { clickRate: 0.1, purchaseRate: 0.18, cost: 84, newToBrand: 0.42 },
  sponsored_television: { clickRate: 0.012, purchaseRate: 0.12, cost: 210, newToBrand: 0.7 },
  amazon_dsp: { clickRate: 0.05, purchaseRate: 0.16, cost: 1250, newToBrand: 0.66 },
};

/** The campaigns' weights as rows of a day: enough people for most thresholds, few enough to compute a year in seconds. */
const ROWS_PER_WEIGHT = 0.62;

const ORDER_CENTS = [0, 2900, 1800, 1500, 2300];

/** A 64-bit signed seed and three fractions in [0, 1) from one hash. */
function draw(...parts: (string | number)[]): { seed: bigint; fractions: [number, number, number] } {
  const digest = createHash('sha256').update(parts.join('/')).digest();
  return {
    seed: digest.readBigInt64BE(0),
    fractions: [digest.readUInt32BE(8) / 2 ** 32, digest.readUInt32BE(12) / 2 ** 32, digest.readUInt32BE(16) / 2 ** 32],
  };
}

/** A campaign's lasting traits; drawn once, since a year asks for them 20,000 times. */
const characters = new Map<string, [number, number, number]>();
function characterOf(seed: number, campaign: number): [number, number, number] {
  const key = `${seed}/${campaign}`;
  let character = characters.get(key);
  if (!character) characters.set(key, (character = draw(seed, 'campaign', campaign).fractions));
  return character;
}

const isOn = (campaign: Campaign, day: IsoDate): boolean =>
  !campaign.flight || mod(dayNumber(day) + campaign.flight.offset, campaign.flight.period) < campaign.flight.on;

/** 0.9 to 1.1 and the like. */
const noise = (fraction: number, spread: number): number => 1 - spread + 2 * spread * fraction;

function planLine(seed: number, campaign: Campaign, day: IsoDate, now: Season): PlanLine | undefined {
  if (!isOn(campaign, day)) return undefined;
  const { seed: rowSeed, fractions } = draw(seed, 'day', day, campaign.key);
  const character = characterOf(seed, campaign.key);
  const habit = HABITS[campaign.product];
  const factor = { rows: 1, clicks: 1, cost: 1, conversions: 1, orderValue: 1 };
  for (const effect of incidentEffects(campaign, day)) {
    for (const key of Object.keys(factor) as (keyof typeof factor)[]) factor[key] *= effect[key] ?? 1;
  }
  const rows = Math.round(
    campaign.weight * ROWS_PER_WEIGHT * now.traffic * factor.rows * noise(fractions[0], 0.12) + fractions[1] * 0.8 - 0.4,
  );
  if (rows <= 0) return undefined;
  return {
    day,
    campaign: campaign.key,
    seed: rowSeed,
    rows,
    clickRate: Math.round(65_536 * Math.min(0.8, habit.clickRate * noise(character[0], 0.25) * factor.clicks)),
    purchaseRate: Math.round(65_536 * Math.min(0.8, habit.purchaseRate * noise(character[1], 0.25) * now.conversions * factor.conversions)),
    cost: Math.max(1, Math.round(habit.cost * noise(character[2], 0.3) * now.cost * factor.cost * noise(fractions[2], 0.05))),
    orderCents: Math.round((ORDER_CENTS[campaign.advertiser] ?? 3000) * noise(character[0], 0.35) * factor.orderValue),
    newToBrand: Math.round(256 * habit.newToBrand * noise(character[1], 0.15)),
  };
}

/** The plan of a day: a line for each campaign that is on. */
export function planDay(seed: number, day: IsoDate): PlanLine[] {
  const now = season(day);
  return CAMPAIGNS.flatMap((campaign) => planLine(seed, campaign, day, now) ?? []);
}
