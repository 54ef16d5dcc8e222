/** Every data-testid of the app, for its own tests and for those in a browser. */
export const selectors = {
  home: {
    container: 'data-testid amc-home',
    hop: (name: string) => `data-testid amc-home-hop-${name}`,
    nextStep: 'data-testid amc-home-next-step',
    facts: 'data-testid amc-home-facts',
  },
  collections: {
    container: 'data-testid amc-collections',
    start: 'data-testid amc-collections-start',
    search: 'data-testid amc-collections-search',
    state: 'data-testid amc-collections-state',
    table: 'data-testid amc-collections-table',
    row: (id: string) => `data-testid amc-collections-row-${id}`,
  },
  startForm: {
    container: 'data-testid amc-start-form',
    instance: 'data-testid amc-start-form-instance',
    dataset: 'data-testid amc-start-form-dataset',
    weeks: 'data-testid amc-start-form-weeks',
    firstWeek: 'data-testid amc-start-form-first-week',
    lastWeek: 'data-testid amc-start-form-last-week',
    name: 'data-testid amc-start-form-name',
    preview: 'data-testid amc-start-form-preview',
    submit: 'data-testid amc-start-form-submit',
  },
  collection: {
    container: 'data-testid amc-collection',
    grid: 'data-testid amc-collection-grid',
    week: (monday: string) => `data-testid amc-collection-week-${monday}`,
    details: 'data-testid amc-collection-details',
    retry: 'data-testid amc-collection-retry',
  },
  actions: {
    pause: 'data-testid amc-pause',
    resume: 'data-testid amc-resume',
    cancel: 'data-testid amc-cancel',
  },
  configuration: {
    container: 'data-testid amc-configuration',
    datasource: 'data-testid amc-configuration-datasource',
    save: 'data-testid amc-configuration-save',
  },
  failure: 'data-testid amc-failure',
  live: 'data-testid amc-live',
  readOnly: 'data-testid amc-read-only',
} as const;
