/** A change since another period: green when it is good, red when it is not, the text's own colour where neither is. */
export const changeColours = (better: 'up' | 'down' | 'neutral') => ({
  unit: 'percentunit',
  decimals: 1,
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps:
      better === 'neutral'
        ? [{ color: 'text', value: null }]
        : [
            { color: better === 'up' ? 'red' : 'green', value: null },
            { color: better === 'up' ? 'green' : 'red', value: 0 },
          ],
  },
});
