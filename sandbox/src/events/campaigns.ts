/**
 * About sixty campaigns: a few large ones that carry most of the traffic, a middle, and a tail so thin that Amazon's
 * thresholds hide it on most days. Names are as people write them, awkward for CSV on purpose.
 */
export type AdProduct = 'sponsored_products' | 'sponsored_brands' | 'sponsored_display' | 'sponsored_television' | 'amazon_dsp';

/** Days on and off by the calendar alone: on while (day number + offset) mod period < on. */
export interface Flight {
  readonly period: number;
  readonly on: number;
  readonly offset: number;
}

export interface Campaign {
  readonly key: number;
  readonly advertiser: number;
  readonly product: AdProduct;
  readonly name: string;
  /** How much traffic it has beside the others: about 1.6 times its rows (person × hour) of an average day. */
  readonly weight: number;
  /** Absent: always on. */
  readonly flight?: Flight;
}

const SP = 'sponsored_products';
const SB = 'sponsored_brands';
const SD = 'sponsored_display';
const TV = 'sponsored_television';
const DSP = 'amazon_dsp';

/** Launched, runs 240 days of every 400, then pauses. */
const seasonal = (offset: number): Flight => ({ period: 400, on: 240, offset });
/** Three weeks on, three weeks off. */
const bursts = (offset: number): Flight => ({ period: 42, on: 21, offset });
/** A launch that stays: off for 130 of every 730 days. */
const launched = (offset: number): Flight => ({ period: 730, on: 600, offset });

type Line = [product: AdProduct, name: string, weight: number, flight?: Flight];

const KESTREL: Line[] = [
  [SP, 'SP | Tents | Exact', 260],
  [SP, 'SP | Sleeping Bags, Mats | Broad', 190],
  [SP, 'SP - Backpacks "Ultralight" - Auto', 130],
  [SP, 'SP / Headlamps / Category', 70, launched(300)],
  [SP, 'SP | Stoves & Fuel | Phrase', 45],
  [SP, 'SP | Long tail, misc.', 4],
  [SB, 'SB | Brand defence', 120],
  [SB, 'SB Video: "Into the wild", 15s', 60, seasonal(40)],
  [SD, 'SD | Retargeting 30d', 90],
  [SD, 'SD | Audience: hikers, climbers; campers', 25],
  [TV, 'STV | Autumn story', 15, bursts(11)],
  [DSP, 'DSP | Prospecting | US | In-market Outdoor', 260],
  [DSP, 'DSP | Retargeting | Cart abandoners', 150],
  [DSP, 'DSP | OTT \\ Streaming TV', 80, seasonal(200)],
  [DSP, 'DSP test #1 (do not touch!)', 3],
];

const LUMA: Line[] = [
  [SP, 'Lamps – Exact – Top 20', 240],
  [SP, 'Lamps – Auto', 150],
  [SP, 'Cookware, non-stick', 170],
  [SP, 'Cookware "copper" 24cm', 60, launched(90)],
  [SP, 'Storage | Boxes | ASIN targets', 40],
  [SP, 'Candles 🕯️ gift season', 50, { period: 365, on: 120, offset: 70 }],
  [SP, 'Luma clearance', 3],
  [SB, 'SB Luma brand', 100],
  [SB, 'SB Competitors, conquest', 35, bursts(3)],
  [SD, 'SD Kitchen lookalikes', 60],
  [SD, 'SD Views remarketing 7d', 20],
  [DSP, 'Luma DSP Awareness', 220],
  [DSP, 'Luma DSP Loyalty', 90],
  [DSP, 'Luma DSP Mobile only', 40, bursts(30)],
  [DSP, '=HYPERLINK("x") spreadsheet test', 2],
];

const NORTHWIND: Line[] = [
  [SP, 'Toys: Blocks & Bricks', 210],
  [SP, 'Toys: Puzzles, 500+ pieces', 120],
  [SP, 'Toys: Plush', 110],
  [SP, 'Toys: "Board games" – family', 85],
  [SP, 'Toys: STEM kits', 40, launched(555)],
  [SP, 'Toys: misc', 2],
  [SB, 'Northwind | Store spotlight', 80],
  [SB, 'Northwind | Headline | Q4', 40, { period: 365, on: 100, offset: 75 }],
  [SD, 'Northwind | SD | parents', 55],
  [SD, 'Northwind | SD | grandparents', 6],
  [DSP, 'Northwind – DSP – Families 25–44', 170],
  [DSP, 'Northwind – DSP – Holiday burst', 120, { period: 365, on: 60, offset: 55 }],
  [DSP, 'Northwind – DSP – Micro test A/B\nsecond line', 2],
];

const BAERENFELS: Line[] = [
  [SP, 'SP | Töpfe & Pfannen | exakt', 200],
  [SP, 'SP | Messer „Solingen“ | Phrase', 120],
  [SP, 'SP | Küchenmaschinen, groß', 90],
  [SP, 'SP | Gewürzmühlen', 30, seasonal(310)],
  [SP, 'SP | Grüße aus Köln', 3],
  [SB, 'SB | Marke Bärenfels', 75],
  [SB, 'SB | Mitbewerber; Generisch', 25],
  [SD, 'SD | Remarketing 14 Tage', 50],
  [SD, 'SD | Zielgruppe Hobbyköche', 18, bursts(17)],
  [DSP, 'DSP | DE | Reichweite', 140],
  [DSP, 'DSP | DE | Wiederkäufer', 60],
  [DSP, 'DSP | AT+CH | Test ✨', 3],
];

export const CAMPAIGNS: readonly Campaign[] = [KESTREL, LUMA, NORTHWIND, BAERENFELS].flatMap((lines, index) =>
  lines.map(([product, name, weight, flight], line) => ({
    key: index * 20 + line + 1,
    advertiser: index + 1,
    product,
    name,
    weight,
    ...(flight && { flight }),
  })),
);

/** Amazon's internal id: a LONG beyond 2^53, so that clients which read it as a number are found out. */
export const campaignId = (campaign: Campaign): string => String(576460752303420000n + BigInt(campaign.key) * 977n);
/** The console's id, which is another number. */
export const campaignIdString = (campaign: Campaign): string => String(280000000000000n + BigInt(campaign.key) * 1_234_567_891n);
