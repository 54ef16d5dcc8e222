import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import type { Filter } from '../../../contract/query.ts';
import type { ChosenAccounts } from '../ask/chosen-accounts.ts';
import { ADVERTISER, type Account } from '../plan/accounts.ts';
import { filterCondition } from './conditions.ts';
import type { Parameters } from './parameters.ts';

export const currencyCondition = (filters: readonly Filter[], parameters: Parameters, column: string): string =>
  filters.map((filter) => filterCondition(parameters, filter, undefined, column)).join(' AND ');

/**
 * The rows that a filter on the currency chooses: all rows of the advertisers that account in it, whatever currency they carry, and what
 * Amazon hid of nobody by name in that currency. Of an advertiser with an account in another currency too, rows of that currency are
 * the other account's.
 */
export function accountConditions(
  { accounts, currencyFilters }: { accounts: ChosenAccounts | null; currencyFilters: readonly Filter[] },
  parameters: Parameters,
): string[] {
  if (currencyFilters.length === 0) return [];
  if (accounts === null) return [currencyCondition(currencyFilters, parameters, 'currency')];
  const pairs = (of: readonly Account[], what: string): string[] => [
    parameters.bind(
      of.map(({ instance }) => instance),
      'bigint[]',
      `instances of ${what}`,
    ),
    parameters.bind(
      of.map(({ advertiser }) => advertiser),
      'text[]',
      what,
    ),
  ];
  const [instances, names] = pairs(accounts.advertisers, 'advertisers that account in the currency');
  const hidden = `"${ADVERTISER}" = ${parameters.bind(SUPPRESSED, 'text', 'hidden')} AND ${currencyCondition(currencyFilters, parameters, 'currency')}`;
  const conditions = [`((instance_id, "${ADVERTISER}") IN (SELECT * FROM unnest(${instances}, ${names})) OR ${hidden})`];
  if (accounts.others.length === 0) return conditions;
  const [otherInstances, otherNames] = pairs(accounts.others, 'advertisers with another account');
  const currencies = parameters.bind(
    accounts.others.map(({ currency }) => currency),
    'text[]',
    'currencies of those',
  );
  conditions.push(
    `(instance_id, "${ADVERTISER}", currency) NOT IN (SELECT * FROM unnest(${otherInstances}, ${otherNames}, ${currencies}))`,
  );
  return conditions;
}
