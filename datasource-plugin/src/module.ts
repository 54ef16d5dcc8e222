import type { AmcQuery } from './query';
import { DataSourcePlugin } from '@grafana/data';
import { DataSourceWithBackend } from '@grafana/runtime';
export const plugin = new DataSourcePlugin<DataSourceWithBackend<AmcQuery>, AmcQuery>(DataSourceWithBackend as never);
