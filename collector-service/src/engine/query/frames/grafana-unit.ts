import type { Metric } from '../../../data/catalogue/dataset.ts';
import type { Field } from '../../../contract/frame.ts';

/** Currencies that Grafana has a unit for (its unit ids `currencyXXX`); the others use `currency:` with a prefix of ours. */
const BUILT_IN = new Set(['USD', 'GBP', 'EUR', 'JPY', 'BRL', 'SEK', 'TRY', 'INR', 'PLN', 'ZAR', 'CHF', 'CZK', 'DKK', 'NOK', 'ILS', 'KRW']);
const PREFIX: Record<string, string> = { CAD: 'CA$', MXN: 'MX$', AUD: 'A$', SGD: 'S$', NZD: 'NZ$' };

/** Grafana's unit of an amount in a currency (ISO code); plain numbers for what is no code. */
export function currencyUnit(currency: string): string | undefined {
  if (!/^[A-Z]{3}$/.test(currency)) return undefined;
  return BUILT_IN.has(currency) ? `currency${currency}` : `currency:${PREFIX[currency] ?? `${currency} `}`;
}

/** Unit and decimals of a field. 'percent' numbers are fractions, Grafana's percentunit. */
export function unitConfig(of: Metric['unit'], currency: string | null): Pick<NonNullable<Field['config']>, 'unit' | 'decimals'> {
  if (of === 'percent') return { unit: 'percentunit' };
  if (of === 'ratio') return { unit: 'none', decimals: 2 };
  if (of === 'count') return { unit: 'short' };
  const unit = currency === null ? undefined : currencyUnit(currency);
  return unit === undefined ? {} : { unit };
}
