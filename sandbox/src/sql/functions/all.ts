import type { AmcFunction } from './define.ts';
import { approxPercentile } from './aggregate/approx-percentile.ts';
import { avg } from './aggregate/avg.ts';
import { collect } from './aggregate/collect.ts';
import { count } from './aggregate/count.ts';
import { max } from './aggregate/max.ts';
import { median } from './aggregate/median.ts';
import { min } from './aggregate/min.ts';
import { percentile } from './aggregate/percentile.ts';
import { skewness } from './aggregate/skewness.ts';
import { stddevPop } from './aggregate/stddev-pop.ts';
import { stddev } from './aggregate/stddev.ts';
import { sum } from './aggregate/sum.ts';
import { varPop } from './aggregate/var-pop.ts';
import { variance } from './aggregate/variance.ts';
import { builtInParameter } from './amc/built-in-parameter.ts';
import { customParameter } from './amc/custom-parameter.ts';
import { namedRow } from './amc/named-row.ts';
import { uuid } from './amc/uuid.ts';
import { arrayCat } from './array/array-cat.ts';
import { arrayComplement } from './array/array-complement.ts';
import { arrayContains } from './array/array-contains.ts';
import { arrayDistinct } from './array/array-distinct.ts';
import { arrayIntersect } from './array/array-intersect.ts';
import { arrayRemove } from './array/array-remove.ts';
import { arraySort } from './array/array-sort.ts';
import { arrayToString } from './array/array-to-string.ts';
import { arrayUnion } from './array/array-union.ts';
import { cardinality } from './array/cardinality.ts';
import { explode } from './array/explode.ts';
import { flatten } from './array/flatten.ts';
import { fromVarbinary } from './binary/from-varbinary.ts';
import { toVarbinary } from './binary/to-varbinary.ts';
import { containedIn } from './condition/contained-in.ts';
import { ifElse } from './condition/if.ts';
import { ifnull } from './condition/ifnull.ts';
import { nvl2 } from './condition/nvl2.ts';
import { hash64 } from './hash/hash64.ts';
import { md5 } from './hash/md5.ts';
import { sha1 } from './hash/sha1.ts';
import { jsonExtract } from './json/json-extract.ts';
import { jsonSerialize } from './json/json-serialize.ts';
import { abs } from './math/abs.ts';
import { ceil } from './math/ceil.ts';
import { eulersNumber } from './math/e.ts';
import { exp } from './math/exp.ts';
import { floor } from './math/floor.ts';
import { ln } from './math/ln.ts';
import { log } from './math/log.ts';
import { log10 } from './math/log10.ts';
import { mod } from './math/mod.ts';
import { power } from './math/power.ts';
import { random } from './math/random.ts';
import { round } from './math/round.ts';
import { sign } from './math/sign.ts';
import { sqrt } from './math/sqrt.ts';
import { trunc } from './math/trunc.ts';
import { charindex } from './text/char-index.ts';
import { concat } from './text/concat.ts';
import { format } from './text/format.ts';
import { initcap } from './text/initcap.ts';
import { instr } from './text/instr.ts';
import { left } from './text/left.ts';
import { length } from './text/length.ts';
import { lower } from './text/lower.ts';
import { ltrim } from './text/ltrim.ts';
import { position } from './text/position.ts';
import { regexpReplace } from './text/regexp-replace.ts';
import { regexpSplit } from './text/regexp-split.ts';
import { regexpSubstr } from './text/regexp-substr.ts';
import { replace } from './text/replace.ts';
import { right } from './text/right.ts';
import { rtrim } from './text/rtrim.ts';
import { strToMap } from './text/str-to-map.ts';
import { strpos } from './text/strpos.ts';
import { substring } from './text/substring.ts';
import { trim } from './text/trim.ts';
import { upper } from './text/upper.ts';
import { convertTimeZoneFromUtc } from './time/convert-time-zone-from-utc.ts';
import { dateTrunc } from './time/date-trunc.ts';
import { dayofmonth } from './time/day-of-month.ts';
import { dayofweek } from './time/day-of-week.ts';
import { epochToUtcTimestamp } from './time/epoch-to-utc-timestamp.ts';
import { extract } from './time/extract.ts';
import { hour } from './time/hour.ts';
import { minute } from './time/minute.ts';
import { month } from './time/month.ts';
import { quarter } from './time/quarter.ts';
import { second } from './time/second.ts';
import { secondsBetween } from './time/seconds-between.ts';
import { week } from './time/week.ts';
import { year } from './time/year.ts';
import { cumeDist } from './window/cume-dist.ts';
import { denseRank } from './window/dense-rank.ts';
import { firstValue } from './window/first-value.ts';
import { lag } from './window/lag.ts';
import { lastValue } from './window/last-value.ts';
import { lead } from './window/lead.ts';
import { nthValue } from './window/nth-value.ts';
import { ntile } from './window/ntile.ts';
import { percentRank } from './window/percent-rank.ts';
import { rank } from './window/rank.ts';
import { rowNumber } from './window/row-number.ts';

export const ALL_FUNCTIONS: readonly AmcFunction[] = [
  approxPercentile,
  avg,
  collect,
  count,
  max,
  median,
  min,
  percentile,
  skewness,
  stddevPop,
  stddev,
  sum,
  varPop,
  variance,
  builtInParameter,
  customParameter,
  namedRow,
  uuid,
  arrayCat,
  arrayComplement,
  arrayContains,
  arrayDistinct,
  arrayIntersect,
  arrayRemove,
  arraySort,
  arrayToString,
  arrayUnion,
  cardinality,
  explode,
  flatten,
  fromVarbinary,
  toVarbinary,
  containedIn,
  ifElse,
  ifnull,
  nvl2,
  hash64,
  md5,
  sha1,
  jsonExtract,
  jsonSerialize,
  abs,
  ceil,
  eulersNumber,
  exp,
  floor,
  ln,
  log,
  log10,
  mod,
  power,
  random,
  round,
  sign,
  sqrt,
  trunc,
  charindex,
  concat,
  format,
  initcap,
  instr,
  left,
  length,
  lower,
  ltrim,
  position,
  regexpReplace,
  regexpSplit,
  regexpSubstr,
  replace,
  right,
  rtrim,
  strToMap,
  strpos,
  substring,
  trim,
  upper,
  convertTimeZoneFromUtc,
  dateTrunc,
  dayofmonth,
  dayofweek,
  epochToUtcTimestamp,
  extract,
  hour,
  minute,
  month,
  quarter,
  second,
  secondsBetween,
  week,
  year,
  cumeDist,
  denseRank,
  firstValue,
  lag,
  lastValue,
  lead,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
];

/** Amazon's functions by each of their names, in lower case. */
export const FUNCTIONS: ReadonlyMap<string, AmcFunction> = new Map(
  ALL_FUNCTIONS.flatMap((known) =>
    [known.name, ...(known.aliases ?? [])].map((name): [string, AmcFunction] => [name.toLowerCase(), known]),
  ),
);
