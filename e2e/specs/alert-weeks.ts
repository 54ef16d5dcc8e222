import { readFileSync, writeFileSync } from 'node:fs';

const DAY_MS = 86_400_000;

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const daysAfter = (monday: string, days: number): string => isoDay(Date.parse(monday) + days * DAY_MS);

/** The newest week that was complete ten days after its beginning, wherever its days begin, and those before it, oldest first. */
export function newestMondays(count: number): string[] {
  const before = Date.now() - 10 * DAY_MS;
  const newest = isoDay(before - ((new Date(before).getUTCDay() + 6) % 7) * DAY_MS);
  return Array.from({ length: count }, (_, index) => daysAfter(newest, (index + 1 - count) * 7));
}

/** From Thursday on no Sponsored Products of Luma, as when a payment failed. Rows of its days hold no text with a comma or a quote. */
export function stopTraffic(csv: string, monday: string): string {
  const days = [3, 4, 5, 6].map((day) => daysAfter(monday, day)).join('|');
  const stopped = new RegExp(`^\\w+,product_day,(${days}),Luma Home & Kitchen,sponsored_products,`);
  return linesOf(csv)
    .filter((line) => !stopped.test(line))
    .join('\n');
}

/** A week whose weekend is missing. Names hold line breaks, so that a record ends where the next family begins. */
export function withoutWeekend(csv: string, monday: string): string {
  const weekend = new RegExp(`^\\w+,\\w+_day,(${daysAfter(monday, 5)}|${daysAfter(monday, 6)}),`);
  return csv
    .split(/\n(?=(?:impressions|clicks|purchases|new_to_brand|engagement),)/)
    .filter((record) => !weekend.test(record))
    .join('\n');
}

/** Twice the sales of a week. They are the seventh value from the end, where no text is. */
export const doubleSales = (csv: string): string =>
  linesOf(csv)
    .map((line) => {
      const values = line.split(',');
      const sales = values.at(-7);
      return /^purchases,(total_day|product_day|product),/.test(line) && sales
        ? values.with(-7, String(Number(sales) * 2)).join(',')
        : line;
    })
    .join('\n');

const linesOf = (csv: string): string[] => csv.split('\n');

/** A file beside the original, changed. */
export function changed(file: string, change: (csv: string) => string): string {
  const csv = readFileSync(file, 'utf8');
  const other = change(csv);
  if (other === csv) throw new Error(`Nothing was changed in ${file}`);
  const path = file.replace(/\.csv$/, '.changed.csv');
  writeFileSync(path, other);
  return path;
}
