import { Alert, Button, Stack } from '@grafana/ui';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import type { Hint } from './hints';

interface Props {
  hints: readonly Hint[];
  onFix: (change: Partial<AmcQuery>) => void;
}

export function Hints({ hints, onFix }: Props) {
  return (
    <div role="status">
      {hints.map(({ severity, text, fix }) => (
        <Alert key={text} severity={severity} title="" data-testid={selectors.query.hint} bottomSpacing={0.5} topSpacing={0}>
          <Stack alignItems="center" wrap="wrap">
            <span>{text}</span>
            {fix && (
              <Button size="sm" variant="secondary" onClick={() => (fix.act ? fix.act() : onFix(fix.change ?? {}))}>
                {fix.label}
              </Button>
            )}
          </Stack>
        </Alert>
      ))}
    </div>
  );
}
