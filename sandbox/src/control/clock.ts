import type pg from 'pg';

/** The sandbox's calendar: the configured clock plus what the admin route added. Kept in the database, since days must not run backwards over a restart. */
export class SandboxClock {
  private offsetMs = 0;
  private readonly base: () => Date;
  private readonly owner: pg.Pool;

  constructor(base: () => Date, owner: pg.Pool) {
    this.base = base;
    this.owner = owner;
  }

  async load(): Promise<void> {
    const { rows } = await this.owner.query<{ value: string }>(`SELECT value FROM sandbox.setting WHERE name = 'clock_offset_ms'`);
    this.offsetMs = Number(rows[0]?.value ?? 0);
  }

  readonly now = (): Date => new Date(this.base().getTime() + this.offsetMs);

  get offset(): number {
    return this.offsetMs;
  }

  async advance(milliseconds: number): Promise<void> {
    this.offsetMs += milliseconds;
    await this.owner.query(
      `INSERT INTO sandbox.setting VALUES ('clock_offset_ms', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
      [String(this.offsetMs)],
    );
  }
}
