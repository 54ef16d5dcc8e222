import { addDays, type IsoDate } from '../src/ground/calendar/week.ts';

/** A generator that gives the same numbers for the same seed, everywhere (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const HEADER =
  'source,event_date,advertiser,ad_product,campaign_id,campaign,currency,filtered,impressions,clicks,spend_microcents,cost_millicents,' +
  'purchases,sales,units,ntb_purchases,ntb_sales,detail_page_views,add_to_carts';

const ADVERTISERS = ['Nordlicht Outdoor', 'Blue Kettle', 'Müller & Söhne, Haushalt', 'Pace "Run" Co'];
const PRODUCTS = ['sponsored_products', 'sponsored_brands', 'sponsored_display', 'amazon_dsp'];

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const PIECE_LENGTH = 1 << 20;

interface Campaign {
  id: string;
  name: string;
  advertiser: string;
  product: string;
  currency: string;
}

/** The campaigns of an account: the same ones every week. One in ten has a name that needs quoting. */
function campaignOf(index: number): Campaign {
  const random = seeded(index * 7919 + 1);
  const advertiser = ADVERTISERS[Math.floor(random() * ADVERTISERS.length)]!;
  const product = PRODUCTS[Math.floor(random() * PRODUCTS.length)]!;
  const season = ['Spring', 'Summer', 'Prime Day', 'Always on'][Math.floor(random() * 4)]!;
  const name = `${season} | ${product.replaceAll('_', ' ')} ${index}${random() < 0.1 ? ', "hero" 🏔' : ''}`;
  return {
    id: String(100_000_000_000_000_000n + BigInt(index) * 7_919_003n),
    name,
    advertiser,
    product,
    currency: advertiser === 'Blue Kettle' ? 'EUR' : 'USD',
  };
}

/** Conversions are so much of the lines. */
const CONVERSIONS_SHARE = 0.44;

/**
 * Lines of a campaign_performance result for one week, without header: traffic and conversions as rows of their own, one in twenty
 * hidden for privacy.
 * @param restated share of lines whose numbers differ from those of the same call without it: they have other conversions
 * @param version which restatement of the week: each changes other lines
 */
export function* weekLines(week: IsoDate, rows: number, restated = 0, version = 1): Generator<string> {
  const random = seeded(Date.parse(week) / 86_400_000);
  const change = seeded(Date.parse(week) / 86_400_000 + version);
  const changes = restated / CONVERSIONS_SHARE;
  let count = 0;
  for (let index = 0; ; index++) {
    const { id, name, advertiser, product, currency } = campaignOf(index);
    const dsp = product === 'amazon_dsp';
    const hidden = index % 20 === 19;
    for (let day = 0; day < 7; day++) {
      const key = `${addDays(week, day)},${quoted(advertiser)},${product},${id},${hidden ? '' : quoted(name)},${currency},${hidden}`;
      const impressions = 500 + Math.floor(random() * 50_000);
      const clicks = Math.floor(impressions * random() * 0.02);
      const spend = Math.floor(clicks * (20_000_000 + random() * 150_000_000));
      if (dsp) {
        yield `dsp_impressions,${key},${impressions},,,${(impressions * random() * 3).toFixed(3)},,,,,,,`;
        if (++count === rows) return;
        yield `dsp_clicks,${key},,${clicks},,,,,,,,,`;
      } else {
        yield `sponsored_ads,${key},${impressions},${clicks},${spend},,,,,,,,`;
      }
      if (++count === rows) return;
      const more = change() < changes ? version : 0;
      const purchases = Math.floor(clicks * random() * 0.2) + more;
      const price = 12 + random() * 80;
      const sales = (purchases * price).toFixed(2);
      const newToBrand = Math.floor(purchases * random());
      yield `conversions,${key},,,,,${purchases},${sales},${purchases + (index % 3)},${newToBrand},${(newToBrand * price).toFixed(2)},${clicks + purchases},${purchases * 2}`;
      if (++count === rows) return;
    }
  }
}

/** The same lines in another order. */
export function shuffled(lines: readonly string[], seed: number): string[] {
  const random = seeded(seed);
  const result = [...lines];
  for (let at = result.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [result[at], result[other]] = [result[other]!, result[at]!];
  }
  return result;
}

/** A result file in pieces, whatever its size. */
export function* fileOf(lines: Iterable<string>): Generator<string> {
  let piece = `${HEADER}\n`;
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
