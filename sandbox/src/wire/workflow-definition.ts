import type { InputParameter, Workflow } from '../execution/record.ts';
import { badRequest } from './amc-error.ts';
import { asText, type Fields } from './body.ts';

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
  const sqlQuery = asText(body.sqlQuery);
  if (sqlQuery === undefined || sqlQuery.trim() === '') throw badRequest('Workflow must have a sqlQuery.');
  const behaviour = asText(body.privacyFilteringBehavior);
  if (behaviour !== undefined && behaviour !== 'REMOVE_ROWS' && behaviour !== 'REMOVE_VALUES') {
    throw badRequest(`Invalid privacyFilteringBehavior '${behaviour}'. Valid values: REMOVE_ROWS, REMOVE_VALUES.`);
  }
  const names = Object.fromEntries(
    (['filteredMetricsDiscriminatorColumn', 'distinctUserCountColumn', 'filteredReasonColumn'] as const).flatMap((field) => {
      const name = asText(body[field]);
      if (name === undefined || name === '') return [];
      if (!COLUMN_NAME.test(name)) throw badRequest(`Invalid ${field} '${name}'.`);
      return [[field, name]];
    }),
  );
  const inputParameters = listOf(body.inputParameters, 'inputParameters').map(parameterOf);
  const outputColumns = listOf(body.outputColumns, 'outputColumns').map((column) => {
    const name = asText(column.name);
    if (!name) throw badRequest('Every output column must have a name.');
    return { ...column, name };
  });
  const outputFormat = outputFormatOf(body.outputFormat);
  const inputSchema = asText(body.inputSchema);
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
  const id = asText(value) ?? '';
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
  const name = asText(parameter.name);
  if (!name) throw badRequest('Every input parameter must have a name.');
  const type = parameter.dataType;
  const scalar = (candidate: unknown): boolean => SCALAR_TYPES.includes(String(candidate));
  if (type !== null && typeof type === 'object') {
    const array = type as Fields;
    if (array.type !== 'ARRAY' || !scalar(array.elementDataType)) throw badRequest(`Invalid dataType of input parameter '${name}'.`);
    const dataType = { type: 'ARRAY', elementDataType: array.elementDataType, elementNullable: array.elementNullable ?? false };
    return { ...kept(parameter), name, dataType };
  }
  if (!scalar(type))
    throw badRequest(`Invalid dataType '${String(type)}' of input parameter '${name}'. Valid values: ${SCALAR_TYPES.join(', ')}.`);
  return { ...kept(parameter), name, dataType: type };
}

const kept = (parameter: Fields): Fields =>
  Object.fromEntries(
    ['columnType', 'defaultValue', 'description', 'displayName'].flatMap((key) =>
      parameter[key] === undefined ? [] : [[key, parameter[key]]],
    ),
  );

function outputFormatOf(value: unknown): Workflow['outputFormat'] {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') throw badRequest('Invalid outputFormat: expected an object.');
  const format = value as Fields;
  const characters = (['separatorCharacter', 'quoteCharacter', 'escapeCharacter'] as const).flatMap((name) => {
    const character = asText(format[name]);
    if (character === undefined) return [];
    if (character.length !== 1) throw badRequest(`Invalid outputFormat.${name}: expected one character.`);
    return [[name, character]];
  });
  return Object.fromEntries(characters) as Workflow['outputFormat'];
}
