import { words } from '../words';
import type { Explain } from './explanation';

/** More days than this are counted, not listed. */
const LISTED = 6;

/** An answer's explanation, line by line. Days are the collector's local days (ISO dates), shares go from 0 to 1. */
export function linesOf(explain: Explain): Array<{ name: string; text: string }> {
  const { question, source, days, leftOut, comparison, hidden, fresh } = explain;
  return [
    { name: words('explain.question', 'Asked'), text: question },
    { name: words('explain.source', 'Answered from'), text: sourceText(source) },
    { name: words('explain.days', 'Days'), text: days ? spanText(days) : words('explain.no-days', 'None') },
    ...(comparison ? [{ name: words('explain.comparison', 'Compared with'), text: spanText(comparison) }] : []),
    ...(leftOut.length > 0
      ? [
          {
            name: words('explain.left-out', 'Left out'),
            text: words('explain.left-out-text', 'Beginning {{days}}: not collected completely, or reaching over the edge of the range', {
              days: listText(leftOut),
            }),
          },
        ]
      : []),
    {
      name: words('explain.hidden', 'Hidden by Amazon'),
      text: hidden.length > 0 ? hidden.map(hiddenText).join(', ') : words('explain.nothing-hidden', 'Nothing'),
    },
    { name: words('explain.fresh', 'Fresh'), text: freshText(fresh) },
    ...(fresh.weeksMissing.length > 0 ? [{ name: words('explain.missing', 'Weeks missing'), text: listText(fresh.weeksMissing) }] : []),
    ...(fresh.weeksSettling.length > 0
      ? [{ name: words('explain.settling', 'Weeks still settling'), text: listText(fresh.weeksSettling) }]
      : []),
  ];
}

function sourceText({ title, version, level, rollup, grain }: Explain['source']): string {
  const parts = [
    words('explain.dataset', '{{title}}, version {{version}}', { title, version }),
    level !== null && words('explain.level', 'level {{level}}', { level }),
    rollup !== null && words('explain.rollup', 'table {{rollup}}', { rollup }),
    words('explain.grain', 'by {{grain}}', { grain }),
  ];
  return parts.filter(Boolean).join(', ');
}

function freshText({ dataAsOf, completeUntil, cached }: Explain['fresh']): string {
  const parts = [
    dataAsOf !== null && words('explain.as-of', 'collected {{at}}', { at: dataAsOf }),
    completeUntil !== null && words('explain.complete', 'complete until {{day}}', { day: completeUntil }),
    cached && words('explain.cached', 'from the cache'),
  ];
  return parts.filter(Boolean).join(', ') || words('explain.no-days', 'None');
}

const hiddenText = ({ metric, currency, share }: Explain['hidden'][number]): string =>
  `${metric}${currency === null ? '' : ` (${currency})`} ${new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 }).format(share)}`;

const spanText = ({ from, to }: { from: string; to: string }): string => words('explain.span', '{{from}} to {{to}}', { from, to });

const listText = (days: readonly string[]): string =>
  days.length <= LISTED
    ? days.join(', ')
    : words('explain.more', '{{days}} and {{number}} more', { days: days.slice(0, LISTED).join(', '), number: days.length - LISTED });
