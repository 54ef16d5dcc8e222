import type { Dimension } from '../../../data/catalogue/dataset.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceCondition, levelConditions } from '../cells/conditions.ts';
import { Parameters, type Statement } from '../cells/parameters.ts';
import type { Coverage } from '../plan/coverage.ts';
import { namesSource } from '../plan/names.ts';

/** Newest names of members by what tells them apart, for each dimension asked for that has such. */
export type MemberNames = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads the newest name of each member in the groups of an answer. Two members with one name are told apart by what they are:
 * "Spring (280001234567891)".
 */
export async function readMemberNames(
  reader: Reader,
  question: Question,
  coverage: Coverage,
  groups: readonly (readonly string[])[],
): Promise<MemberNames> {
  const names = new Map<string, ReadonlyMap<string, string>>();
  for (const [index, name] of question.dimensions.entries()) {
    const dimension = question.dataset.dimensions.find((each) => each.name === name);
    const members = [...new Set(groups.map((group) => group[index]!))].filter((member) => !member.startsWith('\u0001'));
    if (dimension?.named_by === undefined || members.length === 0) continue;
    const weeks = [...new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]))].sort();
    const { rows } = await reader.read(newestNames(question, dimension, members), coverage, weeks);
    names.set(name, toldApart(rows as [string, string][]));
  }
  return names;
}

/** One look into the index for each member and instance, so that the years before are not read. */
function newestNames({ dataset, instances }: Question, dimension: Dimension, members: readonly string[]): Statement {
  const parameters = new Parameters();
  const source = namesSource(dataset, dimension);
  const ids = parameters.bind(
    instances.map(({ id }) => id),
    'bigint[]',
    'instances',
  );
  const list = parameters.bind([...members], 'text[]', `${dimension.name} of the rows shown`);
  const conditions = ['s.instance_id = i.id', `s."${dimension.member}" = m.member`, `left(s."${dimension.named_by}", 1) <> chr(1)`];
  const text = [
    'SELECT DISTINCT ON (m.member) m.member, n.name',
    `FROM unnest(${list}) AS m(member), unnest(${ids}) AS i(id), LATERAL (`,
    `  SELECT s."${dimension.named_by}" AS name, ${source.bucket} AS week FROM ${source.table} AS s`,
    `  WHERE ${[...conditions, ...levelConditions(parameters, source)].join(' AND ')}`,
    `  ORDER BY ${source.bucket} DESC, name LIMIT 1) AS n`,
    'ORDER BY m.member, n.week DESC, n.name',
  ].join('\n');
  return { text, values: parameters.values, described: parameters.described, prepared: true };
}

function toldApart(rows: readonly [member: string, name: string][]): Map<string, string> {
  const count = new Map<string, number>();
  for (const [, name] of rows) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(rows.map(([member, name]) => [member, count.get(name) === 1 ? name : `${name} (${member})`]));
}

/** Names that filters ask for and that their members no longer have, with the newest: for a notice. */
export async function readFormerNames(
  reader: Reader,
  question: Question,
  coverage: Coverage,
): Promise<{ former: string; newest: string }[]> {
  const found: { former: string; newest: string }[] = [];
  for (const { dimension: name, operator, values } of question.filters) {
    const dimension = question.dataset.dimensions.find((each) => each.name === name);
    if (dimension?.named_by === undefined || (operator !== '=' && operator !== 'in')) continue;
    const weeks = [...new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]))].sort();
    const { rows } = await reader.read(formerNames(question, dimension, values), coverage, weeks);
    found.push(...(rows as [string, string][]).map(([former, newest]) => ({ former, newest })));
  }
  return found;
}

function formerNames({ dataset, instances }: Question, dimension: Dimension, names: readonly string[]): Statement {
  const parameters = new Parameters();
  const source = namesSource(dataset, dimension);
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...levelConditions(parameters, source),
  ];
  const list = parameters.bind([...names], 'text[]', `${dimension.name} asked for`);
  const [member, name] = [`"${dimension.member}"`, `"${dimension.named_by}"`];
  const text = [
    `WITH named AS (SELECT DISTINCT ${member} AS member, ${name} AS name FROM ${source.table} WHERE ${[...where, `${name} = ANY (${list})`].join(' AND ')}),`,
    `newest AS (SELECT DISTINCT ON (${member}) ${member} AS member, ${name} AS name FROM ${source.table}`,
    `  WHERE ${[...where, `${member} IN (SELECT member FROM named)`].join(' AND ')} ORDER BY ${member}, ${source.bucket} DESC, ${name})`,
    'SELECT named.name, newest.name FROM named JOIN newest USING (member)',
    `WHERE named.name <> newest.name AND left(newest.name, 1) <> chr(1) ORDER BY 1, 2 LIMIT 5`,
  ].join('\n');
  return { text, values: parameters.values, described: parameters.described };
}
