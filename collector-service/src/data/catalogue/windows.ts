import { windowTitle } from '../../ground/calendar/window.ts';
import type { Dataset } from './dataset.ts';

/** Name of the dataset that asks another's query over another window. */
export const windowDataset = (dataset: string, window: Dataset['window']): string => `${dataset}_${window}`;

/**
 * A dataset and those of its other windows (also_windows): the same SQL, columns and metrics over other days, with tables, executions
 * and collections of their own, so that four windows need not be four copies of one query.
 */
export const withWindows = (dataset: Dataset): Dataset[] => {
  const { also_windows: others = [], ...rest } = dataset;
  return [
    dataset,
    ...others.map((window) => ({
      ...rest,
      dataset: windowDataset(dataset.dataset, window),
      title: `${dataset.title}, ${window === 'month' ? 'by month' : `over ${windowTitle(window)}`}`,
      window,
      window_of: dataset.dataset,
    })),
  ];
};
