import { config } from '@grafana/runtime';

/** A whole number with the separators of the person's language. */
export const formatCount = (count: number): string => new Intl.NumberFormat(config.bootData.user.language || undefined).format(count);

/** '1 week', '52 weeks'. */
export const countOf = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;
