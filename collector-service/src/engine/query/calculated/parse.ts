import { refusal } from '../ask/refusal.ts';

/** An expression over metrics, as a tree. */
export type Expression =
  { number: number } | { metric: string; position: number } | { operator: Operator; left: Expression; right: Expression; position: number };
export type Operator = '+' | '-' | '*' | '/';

/** Parentheses and signs within each other at most: what a person still reads. */
const DEEPEST = 20;
const ALLOWED = 'Allowed are names of metrics, numbers, + - * / and parentheses.';

interface Token {
  /** A number, a name, an operator or a parenthesis; '' at the end. */
  text: string;
  /** From 1. */
  position: number;
}

/**
 * Reads `(sales - spend) / clicks`: names, decimal numbers, + - * / with their usual precedence, parentheses and a sign. Nothing is ever
 * evaluated as code. @throws CollectorError invalid_request that says where and what is allowed
 */
export function parseExpression(name: string, text: string): Expression {
  const fail = (what: string, { position }: { position: number }): Error =>
    refusal('invalid_request', `Calculated metric '${name}': ${what} at position ${position} of '${text}'. ${ALLOWED}`);
  const tokens = tokenize(text, fail);
  let at = 0;
  const peek = (): Token => tokens[at]!;
  const next = (): Token => tokens[at++]!;

  const sum = (depth: number): Expression => {
    let left = product(depth);
    while (peek().text === '+' || peek().text === '-') {
      const { text: operator, position } = next();
      left = { operator: operator as Operator, left, right: product(depth), position };
    }
    return left;
  };
  const product = (depth: number): Expression => {
    let left = single(depth);
    while (peek().text === '*' || peek().text === '/') {
      const { text: operator, position } = next();
      left = { operator: operator as Operator, left, right: single(depth), position };
    }
    return left;
  };
  const single = (depth: number): Expression => {
    const token = next();
    if (depth > DEEPEST) throw fail(`more than ${DEEPEST} parentheses or signs within each other`, token);
    if (token.text === '-') return { operator: '*', left: { number: -1 }, right: single(depth + 1), position: token.position };
    if (token.text === '(') {
      const inner = sum(depth + 1);
      const end = next();
      if (end.text !== ')') throw fail(`${shown(end)} instead of a closing parenthesis`, end);
      return inner;
    }
    if (/^[\d.]/.test(token.text)) return { number: Number(token.text) };
    if (/^[a-z]/.test(token.text)) return { metric: token.text, position: token.position };
    throw fail(`${shown(token)} where a metric, a number or a parenthesis has to stand`, token);
  };

  const whole = sum(0);
  if (peek().text !== '') throw fail(`${shown(peek())} after a complete expression`, peek());
  return whole;
}

const shown = ({ text }: Token): string => (text === '' ? 'the end' : `'${text}'`);

function tokenize(text: string, fail: (what: string, at: { position: number }) => Error): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(\d+(?:\.\d+)?|\.\d+|[a-z][a-z0-9_]*|[-+*/()])|$)/y;
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      const position = from + /^\s*/.exec(text.slice(from))![0].length;
      throw fail(`'${String.fromCodePoint(text.codePointAt(position)!)}' means nothing`, { position: position + 1 });
    }
    if (match[1] !== undefined) tokens.push({ text: match[1], position: pattern.lastIndex - match[1].length + 1 });
  }
  return [...tokens, { text: '', position: text.length + 1 }];
}
