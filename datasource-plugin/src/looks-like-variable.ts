/** A text that is one variable and nothing else: $name, ${name}, ${name.field}, ${name:format} or [[name]]. */
export const WHOLE_VARIABLE = /^(?:\$(\w+)|\$\{(\w+(?:\.[^:}]+)?)(?::[^}]+)?\}|\[\[(\w+(?:\.[^:\]]+)?)(?::[^\]]+)?\]\])$/;

const VARIABLE = /\$\w|\$\{|\[\[/;

/** Whether a text may hold a dashboard variable. It may as well be the name of a campaign: Cash$back, [[Q4]]. */
export const looksLikeVariable = (text: string): boolean => VARIABLE.test(text);

/** The mark of a filter for those of its values that are names although they read like variables; nothing when there are none. */
export function marked(values: readonly string[], isName: (value: string) => boolean): { fixed?: string[] } {
  const fixed = values.filter((value) => looksLikeVariable(value) && isName(value));
  return fixed.length > 0 ? { fixed } : {};
}
