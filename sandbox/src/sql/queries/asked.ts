import type { Node } from '@pgsql/types';
import type { Meaning } from '../meaning.ts';
import type { Scope } from '../scope.ts';

/** Reads a condition, and remembers the literal columns that it asks (privacy/literals.ts). */
export function asked(condition: Node | undefined, scope: Scope, read: (node: Node | undefined) => Meaning): Meaning {
  scope.asking = true;
  try {
    return read(condition);
  } finally {
    scope.asking = false;
  }
}
