import { z } from 'zod';

export const textDisplay = z.strictObject({
  markdown: z.string().min(1).max(10_000).describe('Markdown; HTML in it is shown as text'),
});

export type TextDisplay = z.output<typeof textDisplay>;
