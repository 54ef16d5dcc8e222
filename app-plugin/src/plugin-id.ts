export const APP_ID = 'amcreports-reports-app';
export const DATASOURCE_ID = 'amcreports-amc-datasource';
/** The UID that provisioning gives to the data source. */
export const DEFAULT_DATASOURCE_UID = 'amc-reports';
/** The shipped dashboard that the Home page leads to. */
export const PERFORMANCE_DASHBOARD_UID = 'amc-performance';
