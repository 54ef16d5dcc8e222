/** A statement with its bound values; `described` says what each stands for. */
export interface Statement {
  text: string;
  values: unknown[];
  described: string[];
  /** A connection shall keep it parsed and planned: for statements whose best plan does not depend on their values. */
  prepared?: boolean;
}

/** Collects the bound parameters of a statement: no value of a caller ever becomes SQL text. */
export class Parameters {
  readonly values: unknown[] = [];
  readonly described: string[] = [];

  /** Returns the placeholder, cast so that PostgreSQL need not guess the type. */
  bind(value: unknown, cast: string, description: string): string {
    this.values.push(value);
    this.described.push(description);
    return `$${this.values.length}::${cast}`;
  }
}

const LONGEST_VALUE = 200;

/** The statement as shown in Grafana's query inspector: the SQL, then what each parameter was. */
export function describeStatement({ text, values, described }: Statement): string {
  const lines = values.map((value, index) => {
    const shown = JSON.stringify(value) ?? 'null';
    return `-- $${index + 1} ${described[index]}: ${shown.length > LONGEST_VALUE ? `${shown.slice(0, LONGEST_VALUE)}…` : shown}`;
  });
  return [text, ...lines].join('\n');
}
