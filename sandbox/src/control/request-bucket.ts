/** Requests let through at an even pace with a second's worth in reserve; on the machine's clock. */
export class RequestBucket {
  private tokens = 0;
  private filledAt = 0;

  /** @returns seconds to wait before asking again, or 0 when the request may pass */
  take(perSecond: number): number {
    const now = performance.now();
    const burst = Math.max(1, perSecond);
    this.tokens = this.filledAt === 0 ? burst : Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return Math.max(1, Math.ceil((1 - this.tokens) / perSecond));
    this.tokens--;
    return 0;
  }
}
