import type { Filter } from '../../../contract/query.ts';
import type { Account } from '../plan/accounts.ts';
import { storedValue } from '../values/dimension-value.ts';

/** Whom a filter on the currency chooses: advertisers of instances, and rows of theirs that belong to another account of the same name. */
export interface ChosenAccounts {
  advertisers: readonly Account[];
  /** Accounts of the same advertisers in currencies that the filter leaves out. */
  others: readonly Account[];
}

/** Whether filters on the currency let one through (as stored). */
export const letsCurrency = (filters: readonly Filter[], currency: string): boolean =>
  filters.every(({ operator, values }) => {
    if (operator === 'contains') return values.some((value) => currency.toLowerCase().includes(value.toLowerCase()));
    const named = values.flatMap((value) => storedValue(undefined, value)).includes(currency);
    return operator === '!=' || operator === 'not in' ? !named : named;
  });

/** Whom filters on the currency choose among these accounts. */
export function choose(accounts: readonly Account[], filters: readonly Filter[]): ChosenAccounts {
  const advertisers = accounts.filter(({ currency }) => letsCurrency(filters, currency));
  const chosen = new Set(advertisers.map(({ instance, advertiser }) => `${instance} ${advertiser}`));
  const others = accounts.filter(
    ({ instance, advertiser, currency }) => chosen.has(`${instance} ${advertiser}`) && !letsCurrency(filters, currency),
  );
  return { advertisers, others };
}
