/** Calls visit for every { Name: body } of a parse tree. */
export function eachNode(node: unknown, visit: (name: string, body: unknown) => void): void {
  if (node === null || typeof node !== 'object') return;
  for (const [name, body] of Object.entries(node)) {
    if (/^[A-Z]/.test(name)) visit(name, body);
    eachNode(body, visit);
  }
}
