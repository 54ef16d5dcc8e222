import type { Field, Frame } from '../../../contract/frame.ts';
import type { RunLine, RunsResult } from '../result.ts';
import { makeFrame, noticesMeta } from './frame.ts';

const text = (name: string): Field => ({ name, type: 'string', typeInfo: { frame: 'string' } });

/** Log lines as Grafana's data plane has them: timestamp, body, severity, id, labels. */
export function runsFrame({ refId, rows, notices }: RunsResult): Frame {
  const fields: Field[] = [
    { name: 'timestamp', type: 'time', typeInfo: { frame: 'time.Time' } },
    text('body'),
    text('severity'),
    text('id'),
    { name: 'labels', type: 'other', typeInfo: { frame: 'json.RawMessage' } },
  ];
  const values: Frame['data']['values'] = [
    rows.map(({ at }) => at.getTime()),
    rows.map(bodyOf),
    rows.map(severityOf),
    rows.map(({ run, state }) => `${run} ${state}`),
    rows.map(labelsOf),
  ];
  return makeFrame(refId, 'log-lines', fields, values, { meta: { ...noticesMeta(notices), preferredVisualisationType: 'logs' } });
}

const labelsOf = ({ instance, dataset, week, state, run, attempt, execution, error }: RunLine): Record<string, string> => ({
  instance,
  dataset,
  week,
  state,
  run,
  attempt: String(attempt),
  ...(execution !== null && { execution }),
  ...(error !== null && { error: error.code }),
});

function severityOf({ state }: RunLine): string {
  if (state === 'failed') return 'error';
  return state === 'held' || state === 'tried again' ? 'warning' : 'info';
}

/** "Campaign performance, Acme US, week of 2026-03-02: done. Rows: 12 added, 30 changed, 2 gone." */
function bodyOf(line: RunLine): string {
  const { datasetTitle, instance, week, state, attempt, error, rowsAdded, rowsChanged, rowsVanished } = line;
  const what = `${datasetTitle}, ${instance}, week of ${week}: ${state}`;
  if (error !== null) return `${what}${attempt > 1 ? ` (attempt ${attempt})` : ''}. ${error.message}`;
  return state === 'done' ? `${what}. Rows: ${rowsAdded} added, ${rowsChanged} changed, ${rowsVanished} gone.` : `${what}.`;
}
