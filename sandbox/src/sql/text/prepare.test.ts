import { prepare } from './prepare.ts';

it('comments become blanks, wherever they stand and whatever they hold', () => {
  expect(prepare("SELECT 1 -- it's\nFROM t")).toBe('SELECT 1        \nFROM t');
  expect(prepare('SELECT /* it\'s "x\n */ 1 // one\n')).toBe('SELECT           \n    1       \n');
  // Blocks do not nest.
  expect(prepare('a /* /* */ b')).toBe('a          b');
});

it('what looks like a comment in a text or a name stays', () => {
  for (const sql of ['SELECT \'--\' AS "/*x*/"', "SELECT 'it''s -- no' FROM t", "SELECT 'https://x' AS url"])
    expect(prepare(sql)).toBe(sql);
});

it('TABLE( ) around a table function is blanked, with comments in it, and places stay', () => {
  const sql = "FROM TABLE( -- it's wide\n EXTEND_TIME_WINDOW('t','P1D','P1D') ) x";
  expect(prepare(sql)).toBe("FROM                    \n EXTEND_TIME_WINDOW('t','P1D','P1D')   x");
  expect(prepare(sql)).toHaveLength(sql.length);
});

it('a comment of several bytes a letter keeps the places of what follows it, counted in bytes', () => {
  expect(Buffer.byteLength(prepare('/* Köln € */x'))).toBe(Buffer.byteLength('/* Köln € */x'));
});
