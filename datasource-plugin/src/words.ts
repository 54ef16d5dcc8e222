import { t } from '@grafana/i18n';

/**
 * A text of the screen in the reader's language. The English one stands in the code; scripts/extract-words.mjs collects the texts into
 * locales/en-US, and locales/de-DE holds their German. Texts are never HTML, so nothing is escaped (a campaign may be called "A & B").
 */
export const words = (key: string, english: string, values: Record<string, string | number> = {}): string =>
  t(key, english, { ...values, interpolation: { escapeValue: false } });
