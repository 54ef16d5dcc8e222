import { DataSourcePlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { ConfigEditor } from './config/ConfigEditor';
import { AmcDatasource } from './datasource';
import { QueryEditor } from './editor/QueryEditor';
import { QueryHelp } from './help/QueryHelp';
import pluginJson from './plugin.json';
import type { AmcQuery } from './query';
import type { AmcSecrets, AmcSettings } from './settings';

// Grafana has loaded the texts (locales/) before this module. Nothing is waited for: the first text is asked for when an editor opens.
void initPluginTranslations(pluginJson.id);

export const plugin = new DataSourcePlugin<AmcDatasource, AmcQuery, AmcSettings, AmcSecrets>(AmcDatasource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
