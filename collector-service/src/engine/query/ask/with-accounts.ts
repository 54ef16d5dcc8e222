import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { countsPeople } from '../../../data/catalogue/levels.ts';
import { ADVERTISER, hasAdvertisers, hasCurrency, readAccounts, tellsAccounts, type Account } from '../plan/accounts.ts';
import { choose } from './chosen-accounts.ts';
import type { Question } from './question.ts';
import type { Reader } from './reader.ts';
import { refusal } from './refusal.ts';
import type { ScopedInstance } from './scope.ts';

/**
 * The question about the advertisers that account in the currency it filters by (docs/adr/0037). A dataset that tells no accounts itself
 * asks for the same advertisers by name, whom another dataset tells. One without advertisers is asked for its rows in the currency.
 * @throws CollectorError no_answer for a dataset that knows neither money nor advertisers
 */
export async function withAccounts(reader: Reader, catalogue: Catalogue, question: Question): Promise<Question> {
  const { dataset, instances, currencyFilters } = question;
  if (currencyFilters.length === 0) return question;
  if (!hasAdvertisers(dataset)) {
    if (hasCurrency(dataset)) return question;
    throw refusal(
      'no_answer',
      `Dataset '${dataset.dataset}' holds neither money nor advertisers, so a currency chooses nothing in it. Remove the filter on currency.`,
    );
  }
  if (tellsAccounts(dataset)) return { ...question, accounts: choose(await readAccounts(reader, dataset, instances), currencyFilters) };
  const { advertisers } = choose(await accountsElsewhere(reader, catalogue, dataset, instances), currencyFilters);
  const values = [...new Set(advertisers.map(({ advertiser }) => advertiser))].sort();
  if (values.length === 0)
    throw refusal(
      'no_answer',
      `No advertiser of ${instances.length === 1 ? 'this instance' : 'these instances'} accounts in the currency asked for. Choose another, or remove the filter on currency.`,
    );
  return { ...question, filters: [...question.filters, { dimension: ADVERTISER, operator: 'in', values }] };
}

/** Accounts from the first dataset that tells some of these instances. */
async function accountsElsewhere(
  reader: Reader,
  catalogue: Catalogue,
  { dataset: name }: Dataset,
  instances: readonly ScopedInstance[],
): Promise<Account[]> {
  for (const dataset of catalogue.datasets) {
    if (dataset.dataset === name || countsPeople(dataset) || !hasAdvertisers(dataset) || !tellsAccounts(dataset)) continue;
    if (catalogue.findDataset(dataset.dataset) !== dataset) continue;
    const accounts = await readAccounts(reader, dataset, instances);
    if (accounts.length > 0) return accounts;
  }
  return [];
}
