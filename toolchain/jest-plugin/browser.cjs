/* global window, Element, HTMLElement, HTMLCanvasElement */

/** What Grafana's components ask of a browser and jsdom does not draw. */
const noop = () => undefined;

Object.defineProperty(window, 'matchMedia', {
  writable: true,
  value: (query) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: noop,
    removeListener: noop,
    addEventListener: noop,
    removeEventListener: noop,
    dispatchEvent: () => false,
  }),
});

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
  takeRecords() {
    return [];
  }
}
Object.assign(window, { ResizeObserver: Observer, IntersectionObserver: Observer });
Object.assign(Element.prototype, {
  scrollIntoView: noop,
  scrollTo: noop,
  hasPointerCapture: () => false,
  setPointerCapture: noop,
  releasePointerCapture: noop,
});

// Grafana's lists draw only the rows that fit; jsdom measures every element as zero high.
const box = { width: 600, height: 400 };
for (const kind of ['offset', 'client']) {
  Object.defineProperty(HTMLElement.prototype, `${kind}Width`, { configurable: true, get: () => box.width });
  Object.defineProperty(HTMLElement.prototype, `${kind}Height`, { configurable: true, get: () => box.height });
}
Element.prototype.getBoundingClientRect = () => ({
  ...box,
  top: 0,
  left: 0,
  bottom: box.height,
  right: box.width,
  x: 0,
  y: 0,
  toJSON: noop,
});

// Combobox measures its options on a canvas to find its width.
HTMLCanvasElement.prototype.getContext = () => ({ measureText: (text) => ({ width: text.length * 8 }), font: '' });
