import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './config/ConfigEditor';
import { AmcDatasource } from './datasource';
import { QueryEditor } from './editor/QueryEditor';
import { QueryHelp } from './help/QueryHelp';
import type { AmcQuery } from './query';
import type { AmcSecrets, AmcSettings } from './settings';

export const plugin = new DataSourcePlugin<AmcDatasource, AmcQuery, AmcSettings, AmcSecrets>(AmcDatasource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
