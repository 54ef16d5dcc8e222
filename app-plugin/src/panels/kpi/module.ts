import { FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { KpiPanel } from './KpiPanel';
import type { KpiOptions } from './options';

export const plugin = new PanelPlugin<KpiOptions>(KpiPanel)
  .useFieldConfig({
    disableStandardOptions: [FieldConfigProperty.Thresholds, FieldConfigProperty.Mappings, FieldConfigProperty.Links],
  })
  .setPanelOptions((builder) =>
    builder.addRadio({
      path: 'better',
      name: 'Good direction',
      description: 'Which way of the number is good; it colours the change against the period before',
      defaultValue: 'neutral',
      settings: {
        options: [
          { value: 'up', label: 'Up' },
          { value: 'down', label: 'Down' },
          { value: 'neutral', label: 'Neither' },
        ],
      },
    }),
  )
  .setNoPadding();
