import type { Pool, PoolClient } from 'pg';
import { READER_POLICY } from '../reader-policy.ts';
import { READER_ROLE } from '../reader-role.ts';
import { distributedAlready, DISTRIBUTION_COLUMN } from './tables.ts';

/**
 * What speaks against distributing the tables, a sentence each; none when they can be. Read from the catalogue of the database, so that
 * it holds for what the migrations and datasets really made. Rules: reference, Citus (its own checks are cited there).
 */
export async function findObstacles(db: Pool | PoolClient, tables: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ obstacle: string }>(
    `WITH t AS (
       SELECT c.oid, c.relname, c.relkind, c.relowner, c.relforcerowsecurity, a.attnum AS key, a.attnotnull,
              format_type(a.atttypid, a.atttypmod) AS key_type, relname = ANY ($3) AS done
         FROM unnest($1::text[]) AS name
         LEFT JOIN pg_class c ON c.oid = to_regclass(name)
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped)
     SELECT name || ' does not exist' AS obstacle FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL
     UNION ALL
     -- Tables are spread alike only when the column has one type everywhere.
     SELECT relname || ' has no ' || $2 || ' of type bigint, NOT NULL' FROM t
      WHERE oid IS NOT NULL AND (key IS NULL OR NOT attnotnull OR key_type <> 'bigint')
     UNION ALL
     SELECT relname || ' is no plain table' FROM t WHERE relkind <> 'r'
     UNION ALL
     SELECT relname || ' inherits from another table or is inherited from' FROM t
      WHERE EXISTS (SELECT FROM pg_inherits i WHERE t.oid IN (i.inhrelid, i.inhparent))
     UNION ALL
     -- Citus asks that the column be in the key; ours leads it, so that the index also finds an instance's rows. Covers PRIMARY KEY,
     -- UNIQUE and EXCLUDE, which all have an index.
     SELECT relname || ': index ' || i.indexrelid::regclass || ' is unique and does not begin with ' || $2 FROM t
       JOIN pg_index i ON i.indrelid = t.oid
      WHERE (i.indisunique OR i.indisexclusion) AND i.indkey[0] IS DISTINCT FROM t.key
     UNION ALL
     SELECT relname || ' has no primary key' FROM t
      WHERE oid IS NOT NULL AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary)
     UNION ALL
     SELECT relname || ' has the trigger ' || g.tgname FROM t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
     UNION ALL
     SELECT relname || ' has the rule ' || r.rulename FROM t JOIN pg_rewrite r ON r.ev_class = t.oid
     UNION ALL
     -- Between two distributed tables a foreign key would have to hold the column on both sides, at the same place.
     SELECT 'the foreign key ' || f.conname || ' of ' || f.conrelid::regclass || ' leads to ' || f.confrelid::regclass
       FROM pg_constraint f
      WHERE f.contype = 'f' AND (f.conrelid IN (SELECT oid FROM t) OR f.confrelid IN (SELECT oid FROM t))
        AND NOT EXISTS (
          SELECT FROM t AS one, t AS other, generate_subscripts(f.conkey, 1) AS place
           WHERE one.oid = f.conrelid AND other.oid = f.confrelid AND f.conkey[place] = one.key AND f.confkey[place] = other.key)
     UNION ALL
     SELECT relname || '.' || a.attname || ' is an identity or serial column smaller than bigint' FROM t
       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE a.atttypid <> 'bigint'::regtype AND (a.attidentity <> '' OR pg_get_serial_sequence(t.oid::regclass::text, a.attname) IS NOT NULL)
     UNION ALL
     -- The plan gives readers' policy another form; whatever else asks for something in a policy is refused.
     SELECT relname || ': policy ' || y.polname || ' holds a sub-select' FROM t
       JOIN pg_policy y ON y.polrelid = t.oid AND concat(y.polqual::text, y.polwithcheck::text) LIKE '%{SUBLINK %'
      WHERE y.polname <> $4 OR y.polcmd <> 'r'
     UNION ALL
     SELECT relname || ' has no policy ' || $4 || ' for its readers' FROM t
      WHERE oid IS NOT NULL AND has_table_privilege($5, oid, 'SELECT')
        AND NOT EXISTS (SELECT FROM pg_policy y WHERE y.polrelid = t.oid AND y.polname = $4)
     UNION ALL
     -- Spread over machines, a table cannot hold its owner back, so that readers must never be it.
     SELECT relname || ': the role ' || r.rolname || ' may become its owner ' || relowner::regrole || ', whom no policy holds back' FROM t
       JOIN pg_roles r ON r.rolname = $5 AND pg_has_role(r.oid, relowner, 'MEMBER')
     UNION ALL
     -- INSERT … SELECT travels as COPY, which Citus refuses to whom policies hold back.
     SELECT relname || ' is distributed and forces row-level security on its owner ' || relowner::regrole FROM t
       JOIN pg_roles o ON o.oid = relowner AND NOT o.rolsuper WHERE done AND relforcerowsecurity
     UNION ALL
     -- Defaults, generated columns and policies run on every machine. Which functions they call stands in their stored form: calls of
     -- built-in ones are no dependencies.
     SELECT relname || ': ' || what || ' calls ' || p.oid::regprocedure || ', which is volatile' FROM t
       JOIN LATERAL (
         SELECT 'the value of ' || a.attname AS what, d.adbin::text AS tree
           FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = t.oid
         UNION ALL
         SELECT 'policy ' || y.polname, concat(y.polqual::text, y.polwithcheck::text) FROM pg_policy y WHERE y.polrelid = t.oid) AS stored ON true
       JOIN LATERAL regexp_matches(tree, ':(?:funcid|opfuncid) (\\d+)', 'g') AS call ON true
       JOIN pg_proc p ON p.oid = call[1]::oid AND p.provolatile = 'v'
     ORDER BY 1`,
    [tables, DISTRIBUTION_COLUMN, await distributedAlready(db), READER_POLICY, READER_ROLE],
  );
  return rows.map(({ obstacle }) => obstacle);
}
