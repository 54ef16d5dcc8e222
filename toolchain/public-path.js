// First part of a plugin's entry. Its chunks lie beside module.js, wherever that came from: Grafana itself, Grafana under a
// sub-path, or a CDN. Grafana's loader hands out AMD's "module" under this name (externals.js).
import amdModule from 'amd-module';

// Without an address webpack's own setting stays: the folder that Grafana serves plugins from, relative to the page's base.
if (amdModule?.uri) __webpack_public_path__ = new URL('.', new URL(amdModule.uri, document.baseURI)).href;
