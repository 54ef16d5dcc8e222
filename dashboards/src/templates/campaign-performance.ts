import type { Place, Widget, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import type { LineDisplay } from '../kinds/line/schema.ts';
import type { Kpi } from './kpi-row.ts';

/** A question about campaign performance, which most dashboards begin with. */
export const ask = (query: WidgetQuery): WidgetQuery => ({ dataset: 'campaign_performance', ...query });

export const KPIS = {
  spend: { metric: 'spend', title: 'Spend', description: 'Cost of sponsored ads and Amazon DSP', better: 'neutral' },
  sales: { metric: 'sales', title: 'Sales', description: 'Product sales attributed to the traffic', better: 'up' },
  roas: { metric: 'roas', title: 'ROAS', description: 'Sales for each unit of spend', better: 'up' },
  acos: { metric: 'acos', title: 'ACOS', description: 'Spend as a share of sales', better: 'down' },
  ctr: { metric: 'ctr', title: 'CTR', description: 'Clicks per impression', better: 'up' },
  cvr: { metric: 'cvr', title: 'CVR', description: 'Purchases per click', better: 'up' },
  purchases: { metric: 'purchases', title: 'Purchases', description: 'Purchases attributed to the traffic', better: 'up' },
  newToBrand: { metric: 'ntb_rate', title: 'NTB', description: 'Share of purchases by shoppers new to the brand', better: 'up' },
} as const satisfies Record<string, Kpi>;

export const spendAndSales = (place: Place, display: LineDisplay): Widget =>
  widget('line', {
    id: 'spend-and-sales',
    title: 'Spend and sales',
    description: 'Per week, one line per currency: money of different currencies is never added. A week that is missing is a gap.',
    queries: [ask({ metrics: ['spend', 'sales'], grain: 'week' })],
    display,
    place,
  });

export const roasCompared = (place: Place): Widget =>
  widget('line', {
    id: 'roas',
    title: 'ROAS',
    description:
      'Sales for each unit of spend, per week; dashed, the weeks before the time range. Recent weeks grow while attribution closes.',
    queries: [ask({ metrics: ['roas'], grain: 'week', compare: 'previous_period' })],
    display: {},
    place,
  });
