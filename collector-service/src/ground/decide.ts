import { writeAudit, type AuditEntry } from './audit.ts';
import type { Context } from './context.ts';
import { crashPoint } from './crash-point.ts';
import type { Tx } from './database.ts';
import { announce, type Change } from './outbox/announce.ts';

export interface Decision<Subject, Result> {
  /** 'collection.pause', for the record. */
  readonly action: string;
  /** Locks what is decided about, so that two decisions come one after the other. @throws CollectorError not_found outside the scope */
  lock(tx: Tx): Promise<Subject>;
  /** Checks whether it may be done, and does it. @throws CollectorError conflict, … : nothing has happened then */
  change(tx: Tx, subject: Subject): Promise<Result>;
  record(subject: Subject, result: Result): Pick<AuditEntry, 'subject' | 'details'>;
  /** What others are told has changed. */
  events(subject: Subject, result: Result): readonly Change[];
}

/** A person's decision, in one transaction: there is no change without its record and its event. */
export function decide<Subject, Result>(ctx: Context, decision: Decision<Subject, Result>): Promise<Result> {
  return ctx.store.transaction(
    async (tx) => {
      const result = await decideWithin(tx, ctx, decision);
      crashPoint('decide.beforeCommit');
      return result;
    },
    { signal: ctx.signal },
  );
}

/** The same as part of a greater decision: lock, check, change, record, announce. */
export async function decideWithin<Subject, Result>(
  tx: Tx,
  { scope, actor }: Pick<Context, 'scope' | 'actor'>,
  decision: Decision<Subject, Result>,
): Promise<Result> {
  const subject = await decision.lock(tx);
  const result = await decision.change(tx, subject);
  const entry = { workspaceId: scope.workspaceId, person: actor, action: decision.action };
  await writeAudit(tx, { ...entry, ...decision.record(subject, result) });
  await announce(tx, decision.events(subject, result));
  return result;
}
