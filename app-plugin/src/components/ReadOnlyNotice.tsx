import { Icon, Stack, Text } from '@grafana/ui';
import { hasRole } from '../role/role';
import { selectors } from '../selectors';

/** Tells a Viewer why there are no buttons. Editors and Admins see nothing. */
export function ReadOnlyNotice() {
  if (hasRole('Editor')) return null;
  return (
    <Stack gap={1} alignItems="center" data-testid={selectors.readOnly}>
      <Icon name="eye" aria-hidden />
      <Text color="secondary">You can look at everything here. Starting, pausing, cancelling and retrying need the role Editor.</Text>
    </Stack>
  );
}
