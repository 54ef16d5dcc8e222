/** An answer other than 200, in Amazon's shape: {"code":"400","details":"…"} (reference/amc.md §3.7). */
export class AmcError extends Error {
  readonly status: number;

  constructor(status: number, details: string) {
    super(details);
    this.name = 'AmcError';
    this.status = status;
  }
}

export const badRequest = (details: string): AmcError => new AmcError(400, details);
