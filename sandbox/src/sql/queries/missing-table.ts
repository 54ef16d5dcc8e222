import { invalid, SandboxLacks, type SqlRejected } from '../rejection.ts';

/** Tables that Amazon sells or keeps for audiences: real, and not here. */
const PAID =
  /^(conversions_all|amazon_brand_store_\w+|amazon_retail_purchases?\w*|amazon_your_garage|amazon_pvc_\w+|audience_segments?_\w+|segment_metadata|experian_\w+|ncs_\w+)$/;

/** Why a table is not there: Amazon has it and the sandbox has not, or nobody has it. */
export function missingTable(name: string, place: string): SqlRejected {
  if (name.endsWith('_for_audiences')) return new SandboxLacks(`the audience table ${name}`);
  if (PAID.test(name)) return new SandboxLacks(`the paid table ${name}`);
  return invalid(`${place}: Object '${name}' not found`);
}
