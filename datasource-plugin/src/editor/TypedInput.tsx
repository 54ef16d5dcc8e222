import { Input } from '@grafana/ui';
import { useState, type ComponentProps } from 'react';

interface Props extends Omit<ComponentProps<typeof Input>, 'value' | 'defaultValue' | 'onChange' | 'onBlur' | 'onKeyDown'> {
  value: string;
  /** What is typed, letter by letter, for a check that cannot wait. */
  onTyped?: (text: string) => void;
  /** What is meant: the field was left, or Enter was pressed. */
  onCommit: (text: string) => void;
}

/** A field that changes the query when its text is finished: a half-typed one would be asked for. */
export function TypedInput({ value, onTyped, onCommit, ...input }: Props) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    if (typed !== undefined && typed !== value) {
      onCommit(typed);
    }
    setTyped(undefined);
  };
  return (
    <Input
      {...input}
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onTyped?.(event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

/** A number as people write it in the reader's browser or in a query; undefined when it is none. */
export function readNumber(text: string): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
}
