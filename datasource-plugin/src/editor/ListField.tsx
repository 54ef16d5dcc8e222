import { Button, IconButton, Stack } from '@grafana/ui';
import type { ReactNode } from 'react';
import { words } from '../words';

interface Props<T> {
  items: readonly T[];
  /** Of one item: "Filter". */
  name: string;
  addTestId: string;
  empty: T;
  row: (item: T, change: (changed: T) => void, index: number) => ReactNode;
  onChange: (items: T[]) => void;
}

/** A list of small forms, with a button that adds one. */
export function ListField<T>({ items, name, addTestId, empty, row, onChange }: Props<T>) {
  return (
    <Stack direction="column" gap={0.5} alignItems="flex-start">
      {items.map((item, index) => (
        // Items have no lasting name of their own, and one is only ever removed by its place.
        <div key={`${index} of ${items.length}`} role="group" aria-label={`${name} ${index + 1}`}>
          <Stack alignItems="center" gap={0.5} wrap="wrap">
            {row(item, (changed) => onChange(items.map((each, place) => (place === index ? changed : each))), index)}
            <IconButton
              name="trash-alt"
              size="lg"
              tooltip={words('list.remove', 'Remove {{name}}', { name: `${name} ${index + 1}` })}
              onClick={() => onChange(items.filter((_, place) => place !== index))}
            />
          </Stack>
        </div>
      ))}
      <Button size="sm" variant="secondary" icon="plus" data-testid={addTestId} onClick={() => onChange([...items, empty])}>
        {name}
      </Button>
    </Stack>
  );
}
