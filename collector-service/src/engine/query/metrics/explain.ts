import type { Explain, Freshness } from '../../../contract/frame.ts';
import { hasWholeLevels, levelFor } from '../../../data/catalogue/levels.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Question } from '../ask/question.ts';
import { dimensionsTouched } from '../plan/level.ts';
import type { Part } from '../plan/parts.ts';
import type { Period } from '../plan/period.ts';
import type { HiddenShare } from './hidden-share.ts';
import { questionInWords } from './question-in-words.ts';

/** What an answer is made of. Days are local ones, both included. */
export interface Explained {
  question: Question;
  parts: readonly Part[];
  period: Period;
  covers: { from: IsoDate; to: IsoDate } | null;
  compared: { from: IsoDate; to: IsoDate } | null;
  hidden: HiddenShare | null;
  freshness: Freshness;
}

/** What was asked and what answered, for a person who wants to know where a number comes from. */
export function explain({ question, parts, period, covers, compared, hidden, freshness }: Explained): Explain {
  const { dataset, grain } = question;
  const tables = [...new Set(parts.map(({ source }) => source.table))];
  const { dataAsOf, completeUntil, weeksMissing, weeksSettling, cached } = freshness;
  return {
    question: questionInWords(question, covers),
    source: {
      dataset: dataset.dataset,
      title: dataset.title,
      version: dataset.version,
      level: levelsRead(question, parts),
      rollup: tables.length === 0 ? null : tables.join(', '),
      grain,
    },
    days: covers,
    leftOut: [...(period.grain === 'day' ? [] : period.cut), ...period.dropped].sort(),
    comparison: compared,
    hidden: (hidden?.shares ?? []).flatMap(({ share, metricTitle, currency }) =>
      share === null || share <= 0 ? [] : [{ metric: metricTitle, currency, share }],
    ),
    fresh: { dataAsOf, completeUntil, weeksMissing, weeksSettling, cached },
  };
}

/** Names of the levels whose rows were read: their own where a table holds several, else those its roll-ups are made of. */
function levelsRead(question: Question, parts: readonly Part[]): string | null {
  const { dataset } = question;
  const names = parts.flatMap(({ source, grain }) => {
    if (source.level !== null) return [source.level.value];
    if (!hasWholeLevels(dataset)) return [];
    const level = levelFor(dataset, dimensionsTouched(question), grain === 'week' ? 'week' : 'day');
    return level === undefined ? [] : [level.name];
  });
  return names.length === 0 ? null : [...new Set(names)].join(', ');
}
