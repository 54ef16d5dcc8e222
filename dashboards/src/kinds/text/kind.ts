import type { Kind } from '../kind.ts';
import type { TextDisplay } from './schema.ts';

export const text: Kind<TextDisplay> = {
  title: 'Text',
  description: 'A heading, an explanation or a note in Markdown',
  size: { w: 24, h: 3 },
  ready: {
    title: 'How to read this',
    description: 'A note in Markdown.',
    queries: [],
    display: { markdown: 'Totals hold everything; **breakdowns** leave out what Amazon hides for privacy and say how much it is.' },
  },
  panel: ({ display: { markdown } }) => ({
    type: 'text',
    options: { mode: 'markdown', content: markdown, code: { language: 'plaintext', showLineNumbers: false, showMiniMap: false } },
    targets: [],
  }),
};
