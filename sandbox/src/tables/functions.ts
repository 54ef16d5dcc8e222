import { VIEW_SCHEMA } from './views.ts';

/** AMC's own functions, as SQL that PostgreSQL inlines; IF, COLLECT, NAMED_ROW and the parameters are rewritten instead (sql/dialect.ts). */
export const CREATE_FUNCTIONS = `
  CREATE FUNCTION ${VIEW_SCHEMA}.convert_time_zone_from_utc(utc timestamp, zone text) RETURNS timestamp
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (utc AT TIME ZONE 'UTC') AT TIME ZONE zone;
  CREATE FUNCTION ${VIEW_SCHEMA}.seconds_between(earlier timestamp, later timestamp) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN floor(extract(epoch FROM later - earlier))::bigint;
  CREATE FUNCTION ${VIEW_SCHEMA}.array_contains(list anyarray, item anyelement) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT item = ANY (list)';
  CREATE FUNCTION ${VIEW_SCHEMA}.array_sort(list anyarray) RETURNS anyarray
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT array_agg(item ORDER BY item) FROM unnest(list) item';
`;
