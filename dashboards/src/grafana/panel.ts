import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import type { Plain } from './plain.ts';
import type { DATASOURCE, Target } from './target.ts';

export type FieldConfig = Plain<sdk.FieldConfigSource>;
export type Override = FieldConfig['overrides'][number];

/** A panel in classic dashboard JSON (Grafana's dashboard JSON model; the foundation SDK's types). */
export interface Panel extends Plain<Omit<sdk.Panel, 'targets' | 'datasource' | 'fieldConfig' | 'gridPos' | 'transformations'>> {
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: typeof DATASOURCE;
  targets?: Target[];
  fieldConfig?: FieldConfig;
  transformations?: Transformation[];
}

export interface Transformation {
  id: string;
  /** Which frames it changes; all when left out. */
  filter?: { id: 'byRefId'; options: string };
  options: Record<string, unknown>;
}

/** What a kind decides of a panel; the rest comes from the widget, whatever its kind. */
export interface PanelBody {
  type: string;
  options: Record<string, unknown>;
  targets: Target[];
  defaults?: Record<string, unknown>;
  overrides?: Override[];
  transformations?: Transformation[];
  maxDataPoints?: number;
}
