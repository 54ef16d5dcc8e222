/** Exact sum of decimals written as PostgreSQL writes numeric; JavaScript's numbers would lose cents of large sums. */
export function addDecimals(values: readonly string[]): string {
  const digits = Math.max(...values.map((value) => value.split('.')[1]?.length ?? 0));
  const sum = values.reduce((total, value) => total + scaled(value, digits), 0n);
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0');
  const fraction = digits === 0 ? '' : text.slice(-digits).replace(/0+$/, '');
  const whole = digits === 0 ? text : text.slice(0, -digits);
  return `${sum < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
}

function scaled(value: string, digits: number): bigint {
  const [whole, fraction = ''] = value.split('.');
  return BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
}
