import type { Widget, WidgetQuery } from '@amc-reports/collector-service/contract';
import type { PanelBody } from '../grafana/panel.ts';
import type { Target } from '../grafana/target.ts';

/** A widget whose display fits its kind. */
export type WidgetOf<Display> = Omit<Widget, 'display'> & { display: Display };

/** What a kind of widget is to the gallery, the builder and every surface that shows it. */
export interface Kind<Display extends Record<string, unknown>> {
  /** Its name in the palette, and one sentence on when to choose it. */
  title: string;
  description: string;
  /** Size of a new one, in columns and rows. */
  size: { w: number; h: number };
  /** A configuration that shows something at once on every account. */
  ready: Pick<WidgetOf<Display>, 'title' | 'description' | 'queries' | 'display' | 'filters'>;
  /** The panel of Grafana that shows it; `ask` makes a target of a query under the dashboard's filters. */
  panel: (widget: WidgetOf<Display>, ask: (query: WidgetQuery, refId: string) => Target) => PanelBody;
}

/** The refIds of a widget's queries, in their order: A, B, C … */
export const refIdOf = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

/**
 * The interval of a query whose answer is one number for each group: the whole range, or the newest complete week of it where counts of
 * people cannot be added over weeks (`latest`).
 */
export const oneBucket = ({ latest = false, grain = 'week' }: WidgetQuery): Pick<WidgetQuery, 'grain'> => ({
  grain: latest ? grain : 'total',
});
