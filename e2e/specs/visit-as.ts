import type { APIRequestContext, Browser, Page } from '@playwright/test';

interface Visitor {
  page: Page;
  close(): Promise<void>;
}

/** A page of somebody new with a role of their own, or of nobody at all. */
export async function visitAs(
  role: 'Viewer' | 'Editor' | 'nobody',
  { browser, request, baseURL }: { browser: Browser; request: APIRequestContext; baseURL: string | undefined },
): Promise<Visitor> {
  const context = await browser.newContext({ ...(baseURL !== undefined && { baseURL }), storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  if (role !== 'nobody') {
    const login = `${role.toLowerCase()}-${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
    const created = await request.post('/api/admin/users', { data: { name: role, login, password: login, OrgId: 1 } });
    const { id } = (await created.json()) as { id: number };
    const changed = await request.patch(`/api/org/users/${id}`, { data: { role } });
    const entered = await page.request.post('/login', { data: { user: login, password: login } });
    if (!created.ok() || !changed.ok() || !entered.ok())
      throw new Error(`No ${role} could be made: ${created.status()} ${changed.status()}`);
  }
  return { page, close: () => context.close() };
}
