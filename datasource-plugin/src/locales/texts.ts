import ts from 'typescript';

/** Texts of the screen by key, as a source hands them to `words`. For scripts and tests: the plugin itself never reads sources. */
export function textsIn(name: string, source: string): Record<string, string> {
  const texts: Record<string, string> = {};
  walk(parse(name, source), (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'words') {
      const [key, english] = node.arguments;
      if (!key || !english || !ts.isStringLiteralLike(key) || !ts.isStringLiteralLike(english)) {
        throw new Error(`${name}: words() takes a key and a text that stand there as they are: ${node.getText()}`);
      }
      if (texts[key.text] !== undefined && texts[key.text] !== english.text) {
        throw new Error(`${name}: ${key.text} has two texts`);
      }
      texts[key.text] = english.text;
    }
  });
  return texts;
}

/** Attributes whose text a person reads or hears. */
const SPOKEN = new Set(['label', 'title', 'tooltip', 'placeholder', 'description', 'aria-label', 'text', 'error']);
/** Placeholders that are examples of a form, the same in every language. */
const SAME_EVERYWHERE = /^(https?:|\{\{|[\d-]+$|sales \/ clicks$|\d)/;

/** Texts in JSX that are the same in every language because nobody hands them to `words`: "file: text". */
export function untranslatedIn(name: string, source: string): string[] {
  const found: string[] = [];
  const note = (text: string) => /\p{L}{2}/u.test(text) && !SAME_EVERYWHERE.test(text) && found.push(`${name}: ${text.trim()}`);
  walk(parse(name, source), (node) => {
    if (ts.isJsxText(node)) {
      note(node.text);
    } else if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer) {
      literalsIn(node.initializer).forEach(note);
    } else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression) {
      literalsIn(node).forEach(note);
    }
  });
  return found;
}

/** Texts that may be shown by an expression: not what it compares with, nor what it hands to a function. */
function literalsIn(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) {
    return [node.text];
  }
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  }
  if (ts.isConditionalExpression(node)) {
    return [...literalsIn(node.whenTrue), ...literalsIn(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node) && /^(&&|\|\||\?\?)$/.test(node.operatorToken.getText())) {
    return literalsIn(node.right);
  }
  return (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) && node.expression ? literalsIn(node.expression) : [];
}

const parse = (name: string, source: string) =>
  ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);

function walk(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => walk(child, see));
}

/** i18next's form of keys with dots. */
export function nested(texts: Record<string, string>): object {
  const tree: Record<string, Record<string, string>> = {};
  for (const key of Object.keys(texts).sort()) {
    const [group = '', name = ''] = key.split('.');
    tree[group] = { ...tree[group], [name]: texts[key] ?? '' };
  }
  return tree;
}
