// Control characters have to be escaped; \p{Cc} has a few more, which no query holds.
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const OTHER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANK = /\s*/y;

/**
 * Where a text stops being JSON, from 0; its length when it only ends too soon. Browsers tell it each in words of their own, or not at
 * all. Undefined for JSON.
 */
export function faultIn(text: string): number | undefined {
  let at = 0;
  const takes = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found !== null;
  };
  const takesSign = (sign: string): boolean => {
    takes(BLANK);
    const is = text[at] === sign;
    at += is ? 1 : 0;
    return is;
  };
  /** The rest of a list or an object, after its opening sign. */
  const items = (end: string, item: () => boolean): boolean => {
    if (takesSign(end)) {
      return true;
    }
    do {
      if (!item()) {
        return false;
      }
    } while (takesSign(','));
    return takesSign(end);
  };
  const value = (): boolean => {
    if (takesSign('[')) {
      return items(']', value);
    }
    if (takesSign('{')) {
      return items('}', () => (takes(BLANK), takes(STRING)) && takesSign(':') && value());
    }
    return takes(STRING) || takes(OTHER);
  };
  const whole = value();
  takes(BLANK);
  return whole && at === text.length ? undefined : at;
}
