import type { Values } from '../table.ts';

/**
 * The base row's cost is in millicents. What makes it up is in microcents, a thousandth: the publisher's part and five fees
 * add up to total_cost. The impression itself costs four fifths of it, rounded to whole millicents.
 */
export const dspCostValues = (row: string): Values => ({
  total_cost: `${row}.cost`,
  impression_cost: `(${row}.cost * 4 + 2) / 5`,
  click_cost: `${row}.cost`,
  supply_cost: `${row}.cost * 700`,
  audience_fee: `${row}.cost * 50`,
  platform_fee: `${row}.cost * 100`,
  managed_service_fee: `${row}.cost * 100`,
  ocm_fee: `${row}.cost * 50`,
  third_party_fees: '0',
  bid_price: `${row}.cost * 1000 / ${row}.impressions`,
});
