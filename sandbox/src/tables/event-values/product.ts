/** Ten characters, as an ASIN has: one product for each campaign. */
const asin = (number: string): string => `'B0SANDBX' || lpad((${number} % 100)::text, 2, '0')`;

/** The product that the campaign promotes. */
export const PROMOTED_ASIN = asin('c.key');
/** The product of a conversion: the one promoted, or with halo another of the brand. */
export const CONVERTED_PRODUCT = '(t.campaign + t.halo::int)';
export const CONVERTED_ASIN = asin(CONVERTED_PRODUCT);
