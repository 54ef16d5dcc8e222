import { CAMPAIGN_END, CAMPAIGN_START } from '../event-values/campaign.ts';
import { drawn, oneOf, pick, text } from '../event-values/draw.ts';
import { PROMOTED_ASIN } from '../event-values/product.ts';
import { momentValues } from '../event-values/time.ts';
import { UNFILLED, type Values } from '../table.ts';

const GROUP = drawn('ad', 2);
const AD_GROUP = `'Ad group ' || (1 + ${GROUP})`;
const GROUP_STATUS = `CASE WHEN (c.key + ${GROUP}) % 9 = 0 THEN 'PAUSED' ELSE 'ENABLED' END`;
const GROUP_START = `${CAMPAIGN_START} + ${GROUP} * interval '1 day'`;

/** What each advertiser bids on; the last two entries are Amazon's own kinds of targeting, without a match type. */
const KEYWORDS: readonly (readonly string[])[] = [
  ['2 person tent', 'sleeping bag', 'ultralight backpack', 'headlamp', 'camping stove', 'trekking poles'],
  ['floor lamp', 'non stick pan', 'copper pot', 'storage boxes', 'scented candle', 'desk lamp'],
  ['building blocks', 'puzzle 500 pieces', 'plush bear', 'board games family', 'science kit', 'wooden train'],
  ['topfset induktion', 'kochmesser', 'küchenmaschine', 'pfeffermühle', 'gusseisen pfanne', 'wetzstein'],
];
const AUTOMATIC = ['close-match', 'substitutes'];
const KEYWORD = drawn('keyword', 3);
const BY_KEYWORD = `${KEYWORD} < 6 AND c.product IN ('sponsored_products', 'sponsored_brands')`;
const keyword = `(CASE c.advertiser_key ${KEYWORDS.map(
  (words, index) => `WHEN ${index + 1} THEN ARRAY[${[...words, ...AUTOMATIC].map(text).join(', ')}]`,
).join(' ')} END)[1 + ${KEYWORD}]`;

/** Shoppers search with the keyword and a word or two more. */
const SEARCH_TERM = `(CASE c.advertiser_key ${KEYWORDS.map(
  (words, index) => `WHEN ${index + 1} THEN ARRAY[${words.map(text).join(', ')}]`,
).join(' ')} END)[1 + ${KEYWORD} % 6] || ${pick('searchTerm', '', ' large', ' set of 2', ' gift', ' best', ' sale', ' small', ' black')}`;

/** What is known of a sponsored ad by its campaign and its random number alone: conversions carry these too. */
export const SPONSORED_AD_VALUES: Values = {
  line_item: AD_GROUP,
  line_item_status: GROUP_STATUS,
  line_item_id: UNFILLED,
  line_item_type: UNFILLED,
  line_item_price_type: text('CPC'),
  ...momentValues('line_item_start', GROUP_START),
  ...momentValues('line_item_end', CAMPAIGN_END),
  creative: `'Ad ' || (1 + ${GROUP})`,
  creative_asin: `CASE WHEN c.product IN ('sponsored_products', 'sponsored_display') THEN ${PROMOTED_ASIN} END`,
  creative_type: `CASE WHEN c.product = 'sponsored_television' OR c.campaign LIKE '%Video%' THEN 'video' ELSE 'static_image' END`,
  targeting: `CASE WHEN c.product IN ('sponsored_products', 'sponsored_brands') THEN ${keyword} ELSE 'category=1055398' END`,
  match_type: `CASE WHEN ${BY_KEYWORD} THEN ${oneOf(['EXACT', 'PHRASE', 'BROAD'], `(c.key + ${GROUP}) % 3`)} END`,
  customer_search_term: `CASE WHEN c.product IN ('sponsored_products', 'sponsored_brands') THEN ${SEARCH_TERM} END`,
  placement_type: `CASE WHEN c.product IN ('sponsored_display', 'sponsored_television') AND ${drawn('placement', 3)} < 3 THEN 'Off Amazon'
    ELSE ${pick('placement', 'Top of Search on-Amazon', 'Detail Page on-Amazon', 'Other on-Amazon')} END`,
};

export const AD_GROUP_VALUES: Values = {
  ad_group: AD_GROUP,
  ad_group_status: GROUP_STATUS,
  ad_group_type: UNFILLED,
  ...momentValues('ad_group_start', GROUP_START),
  ...momentValues('ad_group_end', CAMPAIGN_END),
};
