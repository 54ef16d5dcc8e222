import type { FuncCall, Node } from '@pgsql/types';
import type { AmcFunction } from '../functions/define.ts';
import type { Meaning } from '../meaning.ts';
import type { SqlType } from '../types.ts';

/** A call whose arguments are read. */
export interface ReadCall {
  readonly fields: FuncCall;
  readonly nodes: readonly Node[];
  readonly parts: readonly Meaning[];
  readonly known: AmcFunction;
  readonly type: SqlType | undefined;
}
