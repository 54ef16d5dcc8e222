import { ianaTimeZone } from '../../../contract/time-zone.ts';
import { CollectorError } from '../../../contract/error.ts';
import { findInstance, saveInstance } from '../../../data/connect/instances.ts';
import type { Context } from '../../../ground/context.ts';
import { decide } from '../../../ground/decide.ts';

export interface NewImportedInstance {
  /** By which it is asked for, as an AMC instance is by Amazon's id. */
  name: string;
  /** Shown to people; the name when left out. */
  title?: string | undefined;
  /** IANA name: whose days and weeks the files have. It cannot change once weeks are imported. */
  timeZone: string;
  /** ISO 4217 codes of the money in the files, the main one first. */
  currencies?: readonly string[] | undefined;
}

/**
 * Makes an instance for imported data alone: without a connection, account or marketplace, so that nothing of it can be collected.
 * Provisioned later under the same id with a connection, it becomes one that is.
 * @throws CollectorError invalid_request, conflict when there is one of that name, forbidden for whoever sees a part of the workspace
 */
export async function createImportedInstance(ctx: Context, input: NewImportedInstance): Promise<void> {
  const { workspaceId, instanceIds } = ctx.scope;
  if (instanceIds !== null)
    throw new CollectorError('forbidden', 'A new instance belongs to the whole workspace; ask somebody who sees all of it.');
  const timeZone = ianaTimeZone(input.timeZone);
  if (timeZone === null) throw invalid(`'${input.timeZone}' is no IANA time zone; write one such as Europe/Berlin.`);
  if (!/^\S(.{0,98}\S)?$/u.test(input.name)) throw invalid('An instance’s name has 1 to 100 characters, without spaces around it.');
  const currencies = [...new Set(input.currencies ?? [])];
  const wrong = currencies.find((currency) => !/^[A-Z]{3}$/.test(currency));
  if (wrong !== undefined) throw invalid(`'${wrong}' is no currency code; write one such as EUR.`);
  await decide(ctx, {
    action: 'instance.create',
    async lock(tx) {
      if ((await findInstance(tx, workspaceId, input.name)) === null) return;
      throw new CollectorError('conflict', `There is an instance '${input.name}' already; import into it, or choose another name.`);
    },
    change: (tx) =>
      saveInstance(tx, {
        workspaceId,
        connectionId: null,
        amc: { instanceId: input.name, accountId: '', marketplaceId: '' },
        name: input.title ?? input.name,
        timeZone,
        advertiserTypes: [],
        currencies,
      }),
    record: () => ({ subject: `instance ${input.name}`, details: { timeZone, currencies } }),
    events: () => [],
  });
}

const invalid = (message: string): CollectorError => new CollectorError('invalid_request', message);
