const { createElement, forwardRef } = require('react');

/** Stands for an icon: keeps its attributes, fetches nothing. */
module.exports = forwardRef(function Icon({ src, innerRef, onLoad, cacheRequests, title, ...attributes }, ref) {
  return createElement('svg', { ...attributes, ref: innerRef ?? ref, 'data-src': src });
});
module.exports.default = module.exports;
