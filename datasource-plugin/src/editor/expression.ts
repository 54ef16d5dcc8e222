import { words } from '../words';

/** Why an expression over metrics cannot be used; the collector's parser has the last word and the same rules. */
export interface Mistake {
  /** From 1. */
  position: number;
  text: string;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([a-z][a-z0-9_]*)|([-+*/()])|(\S))/gy;

/** Reads `(sales - spend) / clicks`: names of metrics, numbers, + - * / and parentheses. Undefined when all is well. */
export function mistakeIn(expression: string, metrics: readonly string[]): Mistake | undefined {
  const tokens = [...expression.matchAll(TOKEN)].map((match) => ({
    text: match[1] ?? match[2] ?? match[3] ?? match[4] ?? '',
    kind: match[1] ? 'number' : match[2] ? 'name' : match[3] ? match[3] : 'strange',
    position: (match.index ?? 0) + match[0].length - match[0].trimStart().length + 1,
  }));
  if (tokens.length === 0) {
    return { position: 1, text: words('expression.empty', 'Write an expression such as sales / clicks.') };
  }
  let depth = 0;
  let awaitsValue = true;
  for (const { text, kind, position } of tokens) {
    if (kind === 'strange') {
      return {
        position,
        text: words('expression.strange', '{{text}} is not allowed: use names of metrics, numbers, + - * / and parentheses.', { text }),
      };
    }
    if (kind === 'name' && !metrics.includes(text)) {
      return { position, text: unknown(text, metrics) };
    }
    const isValue = kind === 'number' || kind === 'name';
    if (awaitsValue && !isValue && kind !== '(' && kind !== '-') {
      return {
        position,
        text: words('expression.value-missing', 'Before {{text}} a metric, a number or a parenthesis has to stand.', { text }),
      };
    }
    if (!awaitsValue && (isValue || kind === '(')) {
      return { position, text: words('expression.operator-missing', 'Before {{text}} one of + - * / has to stand.', { text }) };
    }
    depth += kind === '(' ? 1 : kind === ')' ? -1 : 0;
    if (depth < 0) {
      return { position, text: words('expression.closed', 'This parenthesis closes none.') };
    }
    awaitsValue = !isValue && kind !== ')';
  }
  const end = expression.length + 1;
  if (awaitsValue) {
    return { position: end, text: words('expression.unfinished', 'The expression is not finished.') };
  }
  if (depth > 0) {
    return { position: end, text: words('expression.open', 'A parenthesis is not closed.') };
  }
  return tokens.some(({ kind }) => kind === 'name')
    ? undefined
    : { position: 1, text: words('expression.no-metric', 'Use at least one metric, such as sales.') };
}

const LISTED = 5;

function unknown(name: string, metrics: readonly string[]): string {
  const alike = metrics.filter((metric) => metric.includes(name) || name.includes(metric) || metric.startsWith(name.slice(0, 3)));
  const listed = (alike.length > 0 ? alike : metrics).slice(0, LISTED).join(', ');
  return words('expression.unknown', 'There is no metric {{name}} here. Did you mean {{listed}}?', { name, listed });
}
