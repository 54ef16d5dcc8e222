import { SANDBOX_ADVERTISERS, marketplaceOf } from '../account.ts';
import { CAMPAIGNS, campaignId, campaignIdString } from './campaigns.ts';

/**
 * The base tables. Narrow on purpose: 13 months are about 1.8 million rows, made in seconds. Whatever else a view shows
 * (placement, device, postal code) it derives from `draw`, the row's own random number.
 *
 * Ordinary tables, although events can be made again: unlogged ones make the first start 3 s shorter (of 12), but a crash of PostgreSQL
 * empties them, and until somebody notices every week is a result without rows that looks right.
 * Never updated, and analysed after the load: autovacuum would only compete with the first backfill.
 */
export const EVENT_TABLES = `
  CREATE TABLE sandbox.loaded_day (day date PRIMARY KEY);

  CREATE TABLE sandbox.campaign (
    key smallint PRIMARY KEY,
    advertiser_key smallint NOT NULL,
    advertiser text NOT NULL,
    entity_id text NOT NULL,
    dsp_advertiser_id text NOT NULL,
    marketplace text NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    product text NOT NULL,
    campaign_id bigint NOT NULL,
    campaign_id_string text NOT NULL,
    campaign text NOT NULL
  );

  CREATE TABLE sandbox.plan (
    day date NOT NULL,
    campaign smallint NOT NULL,
    seed bigint NOT NULL,
    rows int NOT NULL,
    click_rate int NOT NULL,
    purchase_rate int NOT NULL,
    cost int NOT NULL,
    order_cents int NOT NULL,
    new_to_brand int NOT NULL,
    PRIMARY KEY (day, campaign)
  );

  -- hour: UTC, whole hours. user_id NULL: Amazon could not tell who it was. cost: microcents.
  CREATE TABLE sandbox.sponsored_traffic (
    hour timestamp NOT NULL, draw bigint NOT NULL, user_id bigint, cost bigint NOT NULL,
    campaign smallint NOT NULL, impressions smallint NOT NULL, clicks smallint NOT NULL
  ) WITH (autovacuum_enabled = off);

  -- cost: millicents, as DSP reports it.
  CREATE TABLE sandbox.dsp_traffic (LIKE sandbox.sponsored_traffic) WITH (autovacuum_enabled = off);

  -- kind: 1 purchase, 2 add to cart, 3 detail page view. visible_at: when Amazon reports it. gone_at: when it is taken back.
  CREATE TABLE sandbox.conversion (
    traffic_hour timestamp NOT NULL, converted_at timestamp NOT NULL, visible_at timestamp NOT NULL, gone_at timestamp,
    draw bigint NOT NULL, user_id bigint, sales_cents int NOT NULL,
    campaign smallint NOT NULL, kind smallint NOT NULL, units smallint NOT NULL,
    clicked boolean NOT NULL, halo boolean NOT NULL, new_to_brand boolean NOT NULL
  ) WITH (autovacuum_enabled = off);
`;

/** Made after the first load: an index that grows with every row would double its time. */
export const EVENT_INDEXES = `
  CREATE INDEX IF NOT EXISTS sponsored_traffic_hour ON sandbox.sponsored_traffic (hour);
  CREATE INDEX IF NOT EXISTS dsp_traffic_hour ON sandbox.dsp_traffic (hour);
  CREATE INDEX IF NOT EXISTS conversion_traffic_hour ON sandbox.conversion (traffic_hour);
  CREATE INDEX IF NOT EXISTS conversion_converted_at ON sandbox.conversion (converted_at);
`;

export const INSERT_CAMPAIGNS = `
  INSERT INTO sandbox.campaign
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS c(
    key smallint, advertiser_key smallint, advertiser text, entity_id text, dsp_advertiser_id text, marketplace text,
    currency text, time_zone text, product text, campaign_id bigint, campaign_id_string text, campaign text)
  ON CONFLICT DO NOTHING`;

export function campaignRows(): Record<string, unknown>[] {
  return CAMPAIGNS.map((campaign) => {
    const advertiser = SANDBOX_ADVERTISERS.find((candidate) => candidate.key === campaign.advertiser);
    if (!advertiser) throw new Error(`Campaign ${campaign.name} has no advertiser`);
    const marketplace = marketplaceOf(advertiser);
    return {
      key: campaign.key,
      advertiser_key: advertiser.key,
      advertiser: advertiser.name,
      entity_id: advertiser.entityId,
      dsp_advertiser_id: advertiser.dspAdvertiserId,
      marketplace: marketplace.country,
      currency: marketplace.currency,
      time_zone: marketplace.timeZone,
      product: campaign.product,
      campaign_id: campaignId(campaign),
      campaign_id_string: campaignIdString(campaign),
      campaign: campaign.name,
    };
  });
}
