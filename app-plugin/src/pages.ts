import { lazy } from 'react';

/**
 * The app's pages by their path below the app's root, loaded when they are opened. Links are made with pagePath (paths.ts); what stands in
 * Grafana's menu is listed in plugin.json.
 */
export const PAGES = {
  '': lazy(() => import('./pages/home/HomePage')),
  collections: lazy(() => import('./pages/collections/CollectionsPage')),
  held: lazy(() => import('./pages/held/HeldPage')),
  'collections/:id': lazy(() => import('./pages/collection/CollectionPage')),
} as const;
export type PagePath = keyof typeof PAGES;
