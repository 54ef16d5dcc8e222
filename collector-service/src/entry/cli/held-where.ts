import { InvalidArgumentError } from 'commander';
import { heldWhereSchema, type DecideHeldRuns, type HeldDecisions, type HeldWhere } from '../../contract/held-questions.ts';
import type { ReviewContext } from '../../product/review/context.ts';
import { decideHeldRuns } from '../../product/review/decide-many.ts';
import { formatWeeks } from '../../ground/calendar/window-words.ts';

const NAMES = Object.keys(heldWhereSchema.shape);

/** 'rule=jump,empty=true' as conditions. @throws InvalidArgumentError naming what is wrong with which */
export function whereArgument(text: string): HeldWhere {
  const given = text.split(',').map((each) => {
    const [, name, value] = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(each) ?? [];
    if (name === undefined) throw new InvalidArgumentError(`'${each.trim()}' is no condition; write name=value, as in rule=jump.`);
    if (!NAMES.includes(name)) throw new InvalidArgumentError(`There is no condition '${name}'; there are ${NAMES.join(', ')}.`);
    return [name, name === 'empty' ? truth(value!) : value] as const;
  });
  const parsed = heldWhereSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

function truth(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError(`empty is true or false, not '${text}'.`);
}

const DONE = { accept: 'Accepted', keep: 'Set aside', run_again: 'Set aside and planned again' } as const;

/** Decides until nothing is left that meets the conditions, and says about which runs. @returns whether none was refused */
export async function decideWhere(ctx: ReviewContext, out: (text: string) => void, input: DecideHeldRuns): Promise<boolean> {
  const refused = new Map<string, string>();
  let weeks = 0;
  for (;;) {
    const answer = await decideHeldRuns(ctx, input);
    for (const { runId, message } of answer.refused) refused.set(runId, message);
    if (input.dryRun) {
      out(listOf(answer));
      break;
    }
    weeks += answer.decided.length;
    // Refused ones meet the conditions still: when nothing else was found, they are all there is.
    if (answer.left === 0) break;
    if (answer.decided.length === 0) {
      out(`${formatWeeks(answer.left)} more were not reached: narrow the conditions down, so that what is refused is not among them.`);
      break;
    }
  }
  if (!input.dryRun) out(`${DONE[input.decision]}: ${formatWeeks(weeks)}.`);
  for (const [runId, message] of refused) out(`Run ${runId} was left as it is: ${message}`);
  return refused.size === 0;
}

function listOf({ decided, left }: HeldDecisions): string {
  const lines = decided.map(({ runId, instance, week }) => `  run ${runId}: ${instance}, week of ${week}`);
  const more = left > 0 ? [`  and ${left} more`] : [];
  return [`It would be about ${formatWeeks(decided.length + left)}; nothing was decided.`, ...lines, ...more].join('\n');
}
