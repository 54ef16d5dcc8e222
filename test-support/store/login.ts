/** The address of a database on the same server under another login, whose password is 'x'. */
export function withLogin(url: string, database: string, login: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  other.username = login;
  other.password = 'x';
  return other.href;
}
