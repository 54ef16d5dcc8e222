import { readFileSync } from 'node:fs';

const { version, exports } = JSON.parse(readFileSync(new URL('grafana-oldest.json', import.meta.url), 'utf8'));

/**
 * The plugins are compiled with newer types than the oldest Grafana they run in. What that one does not export is undefined there, and
 * a page that uses it breaks. Grafana's own rule of this name asks the package registry whenever it runs; this one reads a list
 * (`npm run compat -- --record` writes it).
 */
const importIsCompatible = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { missing: '{{source}} of Grafana {{version}}, the oldest that the plugins run in, does not export {{name}}.' },
  },
  create: (context) => ({
    ImportSpecifier(node) {
      const source = node.parent.source.value;
      const known = exports[source];
      const isType = node.importKind === 'type' || node.parent.importKind === 'type';
      if (!known || isType || known.includes(node.imported.name)) return;
      context.report({ node, messageId: 'missing', data: { source, version, name: node.imported.name } });
    },
  }),
};

export default { rules: { 'import-is-compatible': importIsCompatible } };
