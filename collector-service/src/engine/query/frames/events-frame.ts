import type { Frame } from '../../../contract/frame.ts';
import type { EventsResult } from '../result.ts';
import { annotationsFrame } from './annotations-frame.ts';
import { describeRestatement } from './restatements-frame.ts';

export const eventsFrame = (result: EventsResult): Frame =>
  annotationsFrame(
    result,
    result.rows.map((row) => ({
      ...row,
      what: row.kind,
      text: row.kind === 'restated' ? describeRestatement(row) : row.reason,
      tags: [row.kind, row.dataset],
    })),
  );
