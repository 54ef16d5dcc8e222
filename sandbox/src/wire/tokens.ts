import { randomBytes } from 'node:crypto';

/** Access tokens handed out, with the instant on the calendar clock at which they expire. */
export class Tokens {
  private readonly expiry = new Map<string, number>();
  private readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
  }

  issue(seconds: number): string {
    const token = `Atza|${randomBytes(48).toString('base64url')}`;
    this.expiry.set(token, this.now().getTime() + seconds * 1000);
    return token;
  }

  isValid(token: string): boolean {
    const expires = this.expiry.get(token);
    if (expires === undefined) return false;
    if (expires > this.now().getTime()) return true;
    this.expiry.delete(token);
    return false;
  }
}
