export interface KpiOptions {
  /** Which way is good: it colours the change. Neutral has no colour. */
  better: 'up' | 'down' | 'neutral';
}
