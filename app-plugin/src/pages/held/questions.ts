import type { HeldQuestion } from '@amc-reports/collector-service/contract';

export interface QuestionFilter {
  readonly search: string;
  /** Undefined for every rule. */
  readonly rule: string | undefined;
}

/** Names a question while weeks are added at its end. */
export const keyOf = ({ collectionId, rules, empty, acceptable, firstWeek }: HeldQuestion): string =>
  [collectionId, rules.join('+'), empty, acceptable, firstWeek].join(' ');

/** Every word of the search is somewhere in the names, in any case; the rule is the only one that objected. */
export function matches({ collection, instance, instanceName, dataset, rules }: HeldQuestion, { search, rule }: QuestionFilter): boolean {
  if (rule !== undefined && (rules.length !== 1 || rules[0] !== rule)) return false;
  const text = [collection, instance, instanceName, dataset, ...rules].join('\n').toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The rules that are alone in a question: what can be filtered by. */
export const soleRules = (questions: readonly HeldQuestion[]): string[] =>
  [...new Set(questions.flatMap(({ rules }) => (rules.length === 1 ? rules : [])))].sort();
