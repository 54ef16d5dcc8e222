export interface AttachOptions {
  /** The project's root, which holds plugins, provisioning and dashboards. */
  root: string;
  dataDir: string;
  collectorUrl: string;
  collectorToken: string;
  env: NodeJS.ProcessEnv;
}

/** Our plugins by id, and the folder each is built in. */
export const PLUGIN_IDS = { 'amcreports-amc-datasource': 'datasource-plugin', 'amcreports-reports-app': 'app-plugin' } as const;

/** A panel that the app's folder brings along; Grafana asks for its signature by its own id. */
export const PANEL_ID = 'amcreports-kpi-panel';
