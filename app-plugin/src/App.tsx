import type { AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Route, Routes } from 'react-router-dom';
import { DatasourceContext, findDatasource } from './data/datasource';
import { createQueryClient } from './data/query-client';
import { PAGES } from './pages';
import type { AppSettings } from './settings';

const NotFoundPage = lazy(() => import('./pages/not-found/NotFoundPage'));

/** The app's pages over one data source. */
export default function App({ meta }: Pick<AppRootProps<AppSettings>, 'meta'>) {
  const [queryClient] = useState(createQueryClient);
  const datasource = useMemo(() => findDatasource(meta.jsonData ?? {}), [meta.jsonData]);

  return (
    <QueryClientProvider client={queryClient}>
      <DatasourceContext.Provider value={datasource}>
        <Suspense fallback={<LoadingPlaceholder text="Loading the page" />}>
          <Routes>
            {Object.entries(PAGES).map(([path, Page]) => (
              <Route key={path} path={path} element={<Page />} />
            ))}
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </DatasourceContext.Provider>
    </QueryClientProvider>
  );
}
