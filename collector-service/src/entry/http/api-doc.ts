import { API } from '../../contract/api.ts';

const HEAD = ['Method', 'Path', 'Role', 'What it does'];

/** The text of docs/api.md: every route with the role it needs, as declared in the contract. */
export function apiDocument(): string {
  const routes = Object.values(API).map(({ method, path, role, summary }) => [method.toUpperCase(), `\`${path}\``, role, summary]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...routes.map((cells) => cells[column]!.length)));
  const row = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [
    '# HTTP API',
    '',
    'What the collector answers under `/v1`, made from the declarations in `collector-service/src/contract` (`npm run docs`). A collector that runs describes the same with parameters, bodies, answers and errors at `/openapi.json`.',
    '',
    'Every request brings a workspace token (`Authorization: Bearer amcr_…`), which decides the workspace and the AMC instances that are seen. A signed `X-Grafana-Id` decides the person and the role; a role includes those below it: Viewer, Editor, Admin. Every error is a problem (RFC 9457) with a code that [troubleshooting](troubleshooting.md) explains. `/livez`, `/readyz`, `/metrics` and `/openapi.json` need no token.',
    '',
    row(HEAD),
    row(widths.map((width) => '-'.repeat(width))),
    ...routes.map(row),
    '',
  ].join('\n');
}
