/** A column as the header of a file may name it: by its own name, or by one of those that its dataset says a file writes. */
export interface HeaderColumn {
  name: string;
  header?: string | readonly string[] | undefined;
  /** Every row has it, and files do not. */
  value?: string | undefined;
}

/** Whether a file must have the column. */
export const isInFile = ({ value }: HeaderColumn): boolean => value === undefined;

/** What a file may call a column: its name, and the headers that the dataset names. */
export const headersOf = ({ name, header = [] }: HeaderColumn): readonly string[] => [name, ...[header].flat()];
