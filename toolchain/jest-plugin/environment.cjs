const { TestEnvironment } = require('jest-environment-jsdom');

/**
 * What jsdom lacks and Node has. MessageChannel stays out: React's scheduler would hold one open for ever and jest never end;
 * without it React falls back to timers.
 */
const fromNode = [
  'TextEncoder',
  'TextDecoder',
  'TextDecoderStream',
  'TextEncoderStream',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
  'fetch',
  'Request',
  'Response',
  'Headers',
  'FormData',
  'Blob',
  'BroadcastChannel',
  'AbortController',
  'AbortSignal',
  'structuredClone',
];

/**
 * A simulated browser with fetch and streams. A set-up file cannot add them, since inside jest's sandbox Node's globals are
 * out of reach. Empty export conditions make packages resolve to their Node builds, as msw needs.
 */
module.exports = class BrowserEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.customExportConditions = [''];
    for (const name of fromNode) {
      this.global[name] = globalThis[name];
    }
  }
};
