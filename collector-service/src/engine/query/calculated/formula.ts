import type { Operator } from './parse.ts';

/** How a metric is computed from the components of a cell: their sums, by place. */
export type Formula =
  | { value: number }
  | { numerator: number; denominator: number; scale: number }
  | { constant: number }
  | { operator: Operator; left: Formula; right: Formula };

/** Places of the components in a formula, each once. */
export function componentsIn(formula: Formula): number[] {
  if ('value' in formula) return [formula.value];
  if ('numerator' in formula) return [...new Set([formula.numerator, formula.denominator])];
  if ('constant' in formula) return [];
  return [...new Set([...componentsIn(formula.left), ...componentsIn(formula.right)])];
}

/**
 * A metric's value from a cell's components: sums are exact in the database and become doubles once; a ratio is one
 * division of two sums. Zero or missing denominators give null, and so does what is made of null.
 */
export function evaluate(formula: Formula, components: readonly (number | null)[]): number | null {
  if ('value' in formula) return components[formula.value] ?? null;
  if ('constant' in formula) return formula.constant;
  if ('operator' in formula) return calculate(formula.operator, evaluate(formula.left, components), evaluate(formula.right, components));
  const numerator = components[formula.numerator] ?? null;
  const denominator = components[formula.denominator] ?? null;
  if (numerator === null || denominator === null || denominator === 0) return null;
  return (numerator * formula.scale) / denominator;
}

function calculate(operator: Operator, left: number | null, right: number | null): number | null {
  if (left === null || right === null) return null;
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : left / right;
  }
}

/** The same in SQL; `total` gives the SQL of a component's sum. */
export function formulaSql(formula: Formula, total: (component: number) => string): string {
  if ('value' in formula) return total(formula.value);
  if ('numerator' in formula) {
    const scaled = formula.scale === 1 ? '' : `${formula.scale} * `;
    return `${scaled}${total(formula.numerator)} / nullif(${total(formula.denominator)}, 0)`;
  }
  // A JavaScript number is a number in SQL too: digits, a point, a sign, an exponent.
  if ('constant' in formula) return `(${formula.constant}::numeric)`;
  const [left, right] = [formulaSql(formula.left, total), formulaSql(formula.right, total)];
  return formula.operator === '/' ? `(${left}) / nullif(${right}, 0)` : `((${left}) ${formula.operator} (${right}))`;
}

/**
 * How much of a metric some cells have: 2 amounts on every side of a division or product, 1 on some, 0 none. Of a sum one side is enough.
 */
export function weigh(formula: Formula, has: (component: number) => boolean): 0 | 1 | 2 {
  if ('value' in formula) return has(formula.value) ? 2 : 0;
  if ('constant' in formula) return 0;
  const isConstant = (side: Formula): boolean => 'constant' in side;
  if ('operator' in formula) {
    const [left, right] = [weigh(formula.left, has), weigh(formula.right, has)];
    if (isConstant(formula.left)) return right;
    if (isConstant(formula.right)) return left;
    if (formula.operator === '+' || formula.operator === '-') return left > right ? left : right;
    return bothSides(left, right);
  }
  return bothSides(has(formula.numerator) ? 2 : 0, has(formula.denominator) ? 2 : 0);
}

function bothSides(left: 0 | 1 | 2, right: 0 | 1 | 2): 0 | 1 | 2 {
  if (left === 0 && right === 0) return 0;
  return left === 2 && right === 2 ? 2 : 1;
}
