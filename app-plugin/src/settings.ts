/** What an Admin sets for the app (jsonData of the plugin, also by provisioning). */
export interface AppSettings {
  /** UID of the data source that leads to the collector; when absent, the provisioned one or the only one of its kind. */
  datasourceUid?: string;
}
