const { createElement, forwardRef } = require('react');

const OURS = new Set(['src', 'innerRef', 'onLoad', 'onError', 'cacheRequests', 'loader', 'title']);

/** Stands for an icon: keeps its attributes, fetches nothing. */
module.exports = forwardRef(function Icon(props, ref) {
  const attributes = Object.fromEntries(Object.entries(props).filter(([name]) => !OURS.has(name)));
  return createElement('svg', { ...attributes, ref: props.innerRef ?? ref, 'data-src': props.src });
});
module.exports.default = module.exports;
