import type { InputParameter, Workflow } from '../execution/record.ts';
import { badRequest } from './amc-error.ts';
import { asBoolean, asInteger, asParameterValue, asText, type Fields } from './body.ts';

const SCALAR_TYPES = [
  'BINARY',
  'BOOLEAN',
  'BYTE',
  'CALENDAR_INTERVAL',
  'DATE',
  'DECIMAL',
  'DOUBLE',
  'FLOAT',
  'INTEGER',
  'LONG',
  'SHORT',
  'STRING',
  'TIMESTAMP',
];
const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads a workflow as sent. Unknown fields are dropped, wrong ones named. @throws AmcError 400 */
export function workflowOf(body: Fields, workflowId: string): Workflow {
  const sqlQuery = asText(body.sqlQuery, 'sqlQuery');
  if (sqlQuery === undefined || sqlQuery.trim() === '') throw badRequest('Workflow must have a sqlQuery.');
  const behaviour = asText(body.privacyFilteringBehavior, 'privacyFilteringBehavior');
  if (behaviour !== undefined && behaviour !== 'REMOVE_ROWS' && behaviour !== 'REMOVE_VALUES') {
    throw badRequest(`Invalid privacyFilteringBehavior '${behaviour}'. Valid values: REMOVE_ROWS, REMOVE_VALUES.`);
  }
  const names = Object.fromEntries(
    (['filteredMetricsDiscriminatorColumn', 'distinctUserCountColumn', 'filteredReasonColumn'] as const).flatMap((field) => {
      const name = asText(body[field], field);
      if (name === undefined || name === '') return [];
      if (!COLUMN_NAME.test(name)) throw badRequest(`Invalid ${field} '${name}'.`);
      return [[field, name]];
    }),
  );
  const inputParameters = listOf(body.inputParameters, 'inputParameters').map(parameterOf);
  const outputColumns = listOf(body.outputColumns, 'outputColumns').map((column) => {
    const name = asText(column.name, 'the name of an output column');
    if (!name) throw badRequest('Every output column must have a name.');
    return {
      name,
      ...texts(column, ['dataType', 'columnType', 'description']),
      ...integers(column, ['dataTypePrecision', 'dataTypeScale']),
    };
  });
  const outputFormat = outputFormatOf(body.outputFormat);
  const inputSchema = asText(body.inputSchema, 'inputSchema');
  return {
    workflowId,
    sqlQuery,
    ...(inputParameters.length > 0 && { inputParameters }),
    ...(outputColumns.length > 0 && { outputColumns }),
    ...(outputFormat && { outputFormat }),
    ...(behaviour !== undefined && { privacyFilteringBehavior: behaviour as 'REMOVE_ROWS' | 'REMOVE_VALUES' }),
    ...(inputSchema !== undefined && { inputSchema }),
    ...names,
  };
}

/** @throws AmcError 400 */
export function checkedWorkflowId(value: unknown): string {
  const id = asText(value, 'workflowId') ?? '';
  if (!/^[A-Za-z0-9._-]{1,256}$/.test(id)) {
    throw badRequest(`Invalid workflowId '${id}'. Only letters, digits, periods, hyphens and underscores are allowed.`);
  }
  return id;
}

function listOf(value: unknown, name: string): Fields[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 100 || value.some((item) => item === null || typeof item !== 'object')) {
    throw badRequest(`Invalid ${name}: expected a list of at most 100 objects.`);
  }
  return value as Fields[];
}

function parameterOf(parameter: Fields): InputParameter {
  const name = asText(parameter.name, 'the name of an input parameter');
  if (!name) throw badRequest('Every input parameter must have a name.');
  const defaultValue = asParameterValue(parameter.defaultValue, `the default of input parameter '${name}'`);
  return {
    name,
    dataType: dataTypeOf(parameter.dataType, name),
    ...texts(parameter, ['columnType', 'description', 'displayName']),
    ...(defaultValue !== undefined && { defaultValue }),
  };
}

function dataTypeOf(type: unknown, name: string): unknown {
  if (isScalarType(type)) return type;
  const array = (type ?? {}) as Fields;
  if (array.type !== 'ARRAY' || !isScalarType(array.elementDataType)) {
    throw badRequest(
      `Invalid dataType '${JSON.stringify(type)}' of input parameter '${name}'. Valid values: ${SCALAR_TYPES.join(', ')}, or an ARRAY of one of them.`,
    );
  }
  const elementNullable = asBoolean(array.elementNullable, 'elementNullable') ?? false;
  return { type: 'ARRAY', elementDataType: array.elementDataType, elementNullable };
}

const isScalarType = (type: unknown): boolean => typeof type === 'string' && SCALAR_TYPES.includes(type);

/** Those of the named fields that are there. */
const picked = (from: Fields, names: readonly string[], read: (value: unknown, name: string) => unknown): Fields =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = read(from[name], name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
const texts = (from: Fields, names: readonly string[]): Fields => picked(from, names, asText);
const integers = (from: Fields, names: readonly string[]): Fields => picked(from, names, asInteger);

function outputFormatOf(value: unknown): Workflow['outputFormat'] {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw badRequest('Invalid outputFormat: expected an object.');
  const format = value as Fields;
  const characters = (['separatorCharacter', 'quoteCharacter', 'escapeCharacter'] as const).flatMap((name) => {
    const character = asText(format[name], `outputFormat.${name}`);
    if (character === undefined) return [];
    if (character.length !== 1) throw badRequest(`Invalid outputFormat.${name}: expected one character.`);
    return [[name, character]];
  });
  return Object.fromEntries(characters) as Workflow['outputFormat'];
}
