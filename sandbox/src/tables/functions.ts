import { VIEW_SCHEMA } from './views.ts';

const sql = (signature: string, returns: string, body: string): string =>
  `CREATE FUNCTION ${VIEW_SCHEMA}.${signature} RETURNS ${returns} LANGUAGE sql IMMUTABLE PARALLEL SAFE ${body};`;

/** In a language whose calls PostgreSQL does not look into: it would convert a constant before it is asked whether it may. */
const opaque = (signature: string, returns: string, expression: string): string =>
  `CREATE FUNCTION ${VIEW_SCHEMA}.${signature} RETURNS ${returns} LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ BEGIN RETURN ${expression}; END $$;`;

/** The same where only trying tells; a try costs a sub-transaction. */
const tried = (signature: string, returns: string, expression: string): string =>
  `CREATE FUNCTION ${VIEW_SCHEMA}.${signature} RETURNS ${returns} LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN ${expression}; EXCEPTION WHEN data_exception OR invalid_parameter_value THEN RETURN NULL; END $$;`;

/** Text to another type; NULL where it is none. */
const tolerant = (name: string, type: string, condition = ''): string =>
  opaque(`as_${name}(value text)`, type, `CASE WHEN pg_input_is_valid(trim(value), '${type}') ${condition} THEN trim(value)::${type} END`);

/**
 * What AMC's functions (sql/functions) need beyond PostgreSQL's own, as SQL that PostgreSQL inlines where it can. None of
 * them ends a query for what stands in a row.
 */
export const CREATE_FUNCTIONS = [
  // Out of the reader's reach, who has this one function of it.
  'CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA sandbox;',
  `CREATE FUNCTION ${VIEW_SCHEMA}.sha1(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog
    RETURN encode(sandbox.digest(value, 'sha1'), 'hex');`,
  tolerant('decimal', 'numeric', `AND trim(value) !~* 'nan|inf'`),
  sql(
    'as_long(value text)',
    'bigint',
    `RETURN CASE WHEN abs(trunc(${VIEW_SCHEMA}.as_decimal(value))) < 9223372036854775807 THEN trunc(${VIEW_SCHEMA}.as_decimal(value))::bigint END`,
  ),
  sql(
    'as_integer(value text)',
    'integer',
    `RETURN CASE WHEN abs(trunc(${VIEW_SCHEMA}.as_decimal(value))) < 2147483647 THEN trunc(${VIEW_SCHEMA}.as_decimal(value))::integer END`,
  ),
  tolerant('boolean', 'boolean'),
  tolerant('date', 'date', `AND value ~ '^\\s*\\d{4}-\\d'`),
  tolerant('timestamp', 'timestamp', `AND value ~ '^\\s*\\d{4}-\\d'`),
  sql('convert_time_zone_from_utc(utc timestamp, zone text)', 'timestamp', `RETURN (utc AT TIME ZONE 'UTC') AT TIME ZONE zone`),
  tried('local_time(utc timestamp, zone text)', 'timestamp', `(utc AT TIME ZONE 'UTC') AT TIME ZONE zone`),
  sql('seconds_between(earlier timestamp, later timestamp)', 'bigint', 'RETURN floor(extract(epoch FROM later - earlier))::bigint'),
  sql(
    'epoch_to_utc_timestamp(epoch numeric)',
    'timestamp',
    `RETURN to_timestamp((CASE WHEN abs(epoch) >= 100000000000 THEN epoch / 1000 ELSE epoch END)::float8) AT TIME ZONE 'UTC'`,
  ),
  sql(
    'position_from(needle text, hay text, start integer)',
    'integer',
    `RETURN CASE WHEN strpos(substr(hay, GREATEST(start, 1)), needle) > 0 THEN strpos(substr(hay, GREATEST(start, 1)), needle) + GREATEST(start, 1) - 1 ELSE 0 END`,
  ),
  // Beyond what a DOUBLE holds there is no number; PostgreSQL's would have thousands of digits.
  sql('ln(value numeric)', 'numeric', 'RETURN CASE WHEN value > 0 THEN pg_catalog.ln(value) END'),
  sql(
    'log(base numeric, value numeric)',
    'numeric',
    'RETURN CASE WHEN base > 0 AND base <> 1 AND value > 0 THEN pg_catalog.log(base, value) END',
  ),
  sql('sqrt(value numeric)', 'numeric', 'RETURN CASE WHEN value >= 0 THEN pg_catalog.sqrt(value) END'),
  opaque('exp(value numeric)', 'numeric', 'CASE WHEN value < 709 THEN pg_catalog.exp(GREATEST(value, -709)) END'),
  opaque(
    'power(base numeric, exponent numeric)',
    'numeric',
    `CASE WHEN base = 0 THEN CASE WHEN exponent >= 0 THEN pg_catalog.power(base, exponent) END
      WHEN base < 0 AND exponent <> trunc(exponent) THEN NULL
      WHEN pg_catalog.ln(abs(base)) * exponent BETWEEN -709 AND 709 THEN pg_catalog.power(base, exponent) END`,
  ),
  sql(
    'greatest(VARIADIC list anyarray)',
    'anyelement',
    `AS 'SELECT CASE WHEN array_position(list, NULL) IS NULL THEN (SELECT max(v) FROM unnest(list) AS v) END'`,
  ),
  sql(
    'least(VARIADIC list anyarray)',
    'anyelement',
    `AS 'SELECT CASE WHEN array_position(list, NULL) IS NULL THEN (SELECT min(v) FROM unnest(list) AS v) END'`,
  ),
  sql('element(list anyarray, place integer)', 'anyelement', `AS 'SELECT list[place]'`),
  sql('array_sort(list anyarray)', 'anyarray', `AS 'SELECT array_agg(item ORDER BY item) FROM unnest(list) item'`),
  sql(
    'array_distinct(list anyarray)',
    'anyarray',
    `AS 'SELECT array_agg(item ORDER BY first) FROM (SELECT item, min(place) AS first FROM unnest(list) WITH ORDINALITY AS u(item, place) GROUP BY item) AS d'`,
  ),
  sql(
    'array_intersect(list anyarray, other anyarray)',
    'anyarray',
    `AS 'SELECT COALESCE(array_agg(item ORDER BY first), list[1:0]) FROM (SELECT item, min(place) AS first FROM unnest(list) WITH ORDINALITY AS u(item, place) WHERE item = ANY (other) GROUP BY item) AS d'`,
  ),
  sql(
    'array_complement(list anyarray, other anyarray)',
    'anyarray',
    `AS 'SELECT COALESCE(array_agg(item ORDER BY place), list[1:0]) FROM unnest(list) WITH ORDINALITY AS u(item, place) WHERE item <> ALL (other)'`,
  ),
  sql(
    'flatten(list anyarray)',
    'anyarray',
    `AS 'SELECT array_agg(item ORDER BY place) FROM unnest(list) WITH ORDINALITY AS u(item, place)'`,
  ),
  sql(
    'str_to_map(value text, pairs text, keys text)',
    'jsonb',
    `RETURN (SELECT jsonb_object_agg(split_part(pair, keys, 1), CASE WHEN strpos(pair, keys) > 0 THEN substr(pair, strpos(pair, keys) + length(keys)) END) FROM unnest(string_to_array(value, pairs)) AS pair)`,
  ),
  opaque(
    'json_extract(value text, path jsonpath)',
    'text',
    `CASE WHEN pg_input_is_valid(value, 'jsonb') THEN jsonb_path_query_first(value::jsonb, path) #>> '{}' END`,
  ),
  opaque('json_serialize(value text)', 'text', `CASE WHEN pg_input_is_valid(value, 'jsonb') THEN value::jsonb::text END`),
  sql(
    'binary_from(value text, encoding text)',
    'bytea',
    `RETURN CASE encoding WHEN 'utf-8' THEN convert_to(value, 'UTF8') WHEN 'hex' THEN CASE WHEN value ~ '^([0-9a-fA-F]{2})*$' THEN decode(value, 'hex') END ELSE CASE WHEN value ~ '^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' THEN decode(value, 'base64') END END`,
  ),
  tried(
    'binary_to(value bytea, encoding text)',
    'text',
    `CASE encoding WHEN 'utf-8' THEN convert_from(value, 'UTF8') ELSE translate(encode(value, encoding), E'\\n', '') END`,
  ),
  sql(
    'add_moments(sums numeric[], value numeric)',
    'numeric[]',
    `RETURN CASE WHEN value IS NULL THEN sums ELSE ARRAY[sums[1] + 1, sums[2] + value, sums[3] + value ^ 2, sums[4] + value ^ 3] END`,
  ),
  sql(
    'skewness_of(sums numeric[])',
    'numeric',
    `RETURN CASE WHEN sums[1] > 0 AND sums[3] / sums[1] > (sums[2] / sums[1]) ^ 2 THEN (sums[4] / sums[1] - 3 * (sums[2] / sums[1]) * (sums[3] / sums[1]) + 2 * (sums[2] / sums[1]) ^ 3) / pg_catalog.power(sums[3] / sums[1] - (sums[2] / sums[1]) ^ 2, 1.5) END`,
  ),
  `CREATE AGGREGATE ${VIEW_SCHEMA}.skewness(numeric) (SFUNC = ${VIEW_SCHEMA}.add_moments, STYPE = numeric[], FINALFUNC = ${VIEW_SCHEMA}.skewness_of, INITCOND = '{0,0,0,0}', PARALLEL = SAFE);`,
].join('\n');
