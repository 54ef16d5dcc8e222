import type { ErrorEntry } from './entry.ts';

/** What is wrong with a result, or with the week it is for. */
export const RESULTS = {
  result_truncated: {
    kind: 'transient',
    status: 422,
    title: 'The file ended early',
    cause: 'The file ended in the middle of a row or a quoted value.',
    remedy: 'Nothing: it is fetched again by itself. For an import, get the file again.',
  },
  result_header: {
    kind: 'data',
    status: 422,
    title: 'The columns are not the dataset’s',
    cause: 'Columns are missing or renamed: the dataset file and the SQL disagree.',
    remedy: 'Make a new version of the dataset that declares the columns which the message names, and collect that version.',
  },
  result_value: {
    kind: 'data',
    status: 422,
    title: 'A value cannot be right',
    cause: 'There is text where a number belongs, NaN, a day outside the week, or totals that fell to nothing.',
    remedy:
      'Look at the column and row, or the total, that the message shows. Retry the week to fetch it anew; if it comes back the same, correct the dataset or decide about the held run.',
  },
  result_duplicate_keys: {
    kind: 'data',
    status: 422,
    title: 'Two rows have the same key',
    cause: 'The SQL lacks a GROUP BY column that the dataset calls a dimension.',
    remedy: 'Correct the dataset’s SQL, give it a new version, and collect that version.',
  },
  result_empty: {
    kind: 'data',
    status: 422,
    title: 'The file has no rows',
    cause: 'There are no rows where there were some.',
    remedy: 'Check in the AMC console that the instance still has data of the week; then retry the week.',
  },
  result_set_aside: {
    kind: 'data',
    status: 422,
    title: 'The result was set aside',
    cause: 'A person looked at the held result and decided against it.',
    remedy: 'Nothing: what is served stays. Retry the week for a new result.',
  },
  week_out_of_range: {
    kind: 'terminal',
    status: 400,
    title: 'The week cannot be had',
    cause: 'The week is not over for 48 hours, or older than 13 months.',
    remedy: 'Choose among the weeks that the message names.',
  },
  lost_fence: {
    kind: 'terminal',
    status: 409,
    title: 'Another worker took the week over',
    cause: 'This worker was silent for so long that another one took the week over.',
    remedy: 'Nothing: the late worker stops, the week goes on.',
  },
} as const satisfies Record<string, ErrorEntry>;
