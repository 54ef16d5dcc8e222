const lastWeeks = (n: number) => ({ display: `Last ${n} complete weeks`, from: `now-${n}w/w`, to: 'now-1w/w' });

/** What the time picker offers: whole weeks and months, since nothing finer is collected and the week that runs has no numbers yet. */
export const quickRanges = [
  ...[4, 8, 13, 26, 52].map(lastWeeks),
  { display: 'Last month', from: 'now-1M/M', to: 'now-1M/M' },
  { display: 'Last 3 months', from: 'now-3M/M', to: 'now-1M/M' },
  { display: 'Last 6 months', from: 'now-6M/M', to: 'now-1M/M' },
  { display: 'Last 12 months', from: 'now-12M/M', to: 'now-1M/M' },
  { display: 'This month', from: 'now/M', to: 'now/M' },
  { display: 'This quarter', from: 'now/Q', to: 'now/Q' },
  { display: 'Last quarter', from: 'now-1Q/Q', to: 'now-1Q/Q' },
  { display: 'This year', from: 'now/y', to: 'now/y' },
];
