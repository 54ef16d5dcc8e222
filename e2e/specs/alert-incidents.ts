import { SANDBOX_ADVERTISERS } from '../../sandbox/src/account.ts';
import { CAMPAIGNS } from '../../sandbox/src/events/campaigns.ts';
import type { Alert } from './alert-rules.ts';

/** An incident as the sandbox tells it: days, both included. */
export interface Incident {
  name: string;
  advertiser: number;
  campaigns?: number[];
  from: string;
  to: string;
}

/** Which rules fire for an incident in the week in which it begins, and which others may. What is not named here fires nothing. */
export const RULES_OF: Record<string, { fire: string[]; may?: string[] }> = {
  bid_spike: { fire: ['amc-spend-above-pace'] },
  click_flood: { fire: ['amc-spend-above-pace'] },
  tracking_outage: { fire: ['amc-conversions-not-recorded'] },
  budget_ran_out: { fire: ['amc-delivery-below-pace'] },
  out_of_stock: { fire: ['amc-conversion-drop', 'amc-roas-out-of-band'], may: ['amc-acos-high', 'amc-conversions-not-recorded'] },
};

export async function plantedIncidents(sandboxPort: number): Promise<Incident[]> {
  const answer = await fetch(`http://127.0.0.1:${sandboxPort}/sandbox/incidents`);
  return ((await answer.json()) as { incidents: Incident[] }).incidents;
}

/** Whether an alert is about the advertiser, or the very campaign, that an incident befell. */
export function concerns(incident: Incident, { labels }: Alert): boolean {
  if (labels.advertiser !== SANDBOX_ADVERTISERS.find(({ key }) => key === incident.advertiser)?.name) return false;
  if (labels.campaign === undefined) return incident.campaigns === undefined;
  return incident.campaigns?.some((key) => CAMPAIGNS.find((each) => each.key === key)?.name === labels.campaign) ?? false;
}
