import { commonType, postgresType } from '../../types.ts';
import type { Call } from '../define.ts';

/** SQL over the arguments from `first` on, each brought to the type they have in common. */
export function oneType(call: Call, first: number, sql: (values: string[]) => string): string {
  const types = call.types.slice(first);
  const common = commonType(types);
  return sql(
    types.map((type, index) => {
      const place = `$${first + index + 1}`;
      const differs = common !== undefined && type !== undefined && type !== 'NULL' && type !== common;
      return differs ? `CAST(${place} AS ${postgresType(common)})` : place;
    }),
  );
}
