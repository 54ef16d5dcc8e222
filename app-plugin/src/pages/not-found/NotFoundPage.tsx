import { PluginPage } from '@grafana/runtime';
import { EmptyState, LinkButton } from '@grafana/ui';
import { pagePath } from '../../paths';

export default function NotFoundPage() {
  return (
    <PluginPage pageNav={{ text: 'Page not found' }}>
      <EmptyState
        variant="not-found"
        message="This page does not exist"
        button={<LinkButton href={pagePath('')}>To the start page</LinkButton>}
      >
        The address may be mistyped, or the page was moved.
      </EmptyState>
    </PluginPage>
  );
}
