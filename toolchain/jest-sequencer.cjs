const Sequencer = require('@jest/test-sequencer').default;

/** Short files that wait for processes and databases, and take minutes. */
const SLOW = [
  /\/crash\//,
  /\/embedded/,
  /\/faults\//,
  /\/cli\/(start|processes|held|audit|upkeep)\./,
  /\/(ordinary-year|worker|look-back|story|restatement)\./,
];

/**
 * What takes minutes begins first, so that no worker is left alone with it at the end. jest goes by what a file took the last
 * time; in a fresh clone it knows only sizes.
 */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (SLOW.some((pattern) => pattern.test(path)) ? 0 : 1);
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
};
