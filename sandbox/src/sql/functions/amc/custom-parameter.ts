import { quoteText } from '../../ast.ts';
import type { DialectContext, ParameterValue } from '../../dialect.ts';
import { SqlRejected } from '../../rejection.ts';
import { arrayOf, postgresType, type SqlType } from '../../types.ts';
import { amcFunction } from '../define.ts';

// prettier-ignore
const TYPES: Record<string, SqlType> = {
  STRING: 'STRING', LONG: 'LONG', INTEGER: 'INTEGER', SHORT: 'INTEGER', BYTE: 'INTEGER', DOUBLE: 'DOUBLE', FLOAT: 'DOUBLE', DECIMAL: 'DECIMAL',
  BOOLEAN: 'BOOLEAN', DATE: 'DATE', TIMESTAMP: 'TIMESTAMP',
};
const typeOf = (name: string | undefined): SqlType => TYPES[name ?? 'STRING'] ?? 'STRING';

/** CUSTOM_PARAMETER('name'): what the workflow's execution gives, or its default. It counts as written in the query. */
export const customParameter = amcFunction({
  name: 'CUSTOM_PARAMETER',
  takes: ['any'],
  gives: ({ texts: [name], dialect }) => {
    const { dataType, elementType } = declared(name, dialect);
    return dataType === 'ARRAY' ? arrayOf(typeOf(elementType)) : typeOf(dataType);
  },
  sql: ({ texts: [name], dialect }) => {
    const { dataType, elementType, value } = declared(name, dialect);
    if (dataType !== 'ARRAY') return `CAST(${quoteText(textOfValue(value))} AS ${postgresType(typeOf(dataType))})`;
    const items = (Array.isArray(value) ? value : textOfValue(value ?? '').split(',')).map((item) => quoteText(textOfValue(item).trim()));
    return `CAST(ARRAY[${items.join(', ')}] AS ${postgresType(typeOf(elementType))}[])`;
  },
  text: ({ texts: [name], dialect }) => {
    const { dataType, value } = declared(name, dialect);
    return dataType === 'STRING' ? textOfValue(value) : undefined;
  },
  // The tests declare these two.
  examples: [
    ["CUSTOM_PARAMETER('brand')", 'Kestrel'],
    ["CUSTOM_PARAMETER('least') + 1", '43'],
  ],
});

const textOfValue = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);

function declared(name: string | undefined, { parameters }: DialectContext): ParameterValue {
  const parameter = parameters.get(name ?? '');
  if (!parameter) throw new SqlRejected(`Failed to parse the query: parameter '${name ?? ''}' is not declared in inputParameters`);
  return parameter;
}
