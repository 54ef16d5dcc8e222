import { MultiCombobox, type ComboboxOption } from '@grafana/ui';
import { useRef } from 'react';

interface Props {
  'aria-labelledby': string;
  'data-testid': string;
  placeholder: string;
  isClearable?: boolean;
  options: ComboboxOption[];
  value: ComboboxOption[];
  onChange: (values: string[]) => void;
}

/**
 * Grafana's box for several values, emptied of what was typed once it led to a choice. Grafana leaves the text standing beside the
 * pills until the box is left, and the next search begins with it.
 */
export function MultiChoice({ onChange, ...box }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const choose = (options: ComboboxOption[]) => {
    onChange(options.map(({ value }) => value));
    forgetTyped(place.current?.querySelector('input'));
  };
  return (
    <div ref={place}>
      <MultiCombobox {...box} onChange={choose} />
    </div>
  );
}

/** Empties the input as a person would, by an event: the box keeps its own state and offers no other way in. */
function forgetTyped(input: HTMLInputElement | null | undefined): void {
  if (!input || input.value === '') {
    return;
  }
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, '');
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
