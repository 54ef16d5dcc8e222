import type { Context } from '../../ground/context.ts';

/** The whole database, whoever's it is: no scope. */
export type BackupContext = Pick<Context, 'store' | 'logger' | 'signal' | 'actor'>;

/** What a person watching hears. */
export interface Progress {
  /** checking: files are read and compared with the manifest. writing, reading: a table goes to, or comes from, its file. */
  step: 'checking' | 'writing' | 'reading';
  /** Table by table. */
  table: string;
  done: number;
  total: number;
  /** Of the finished table. */
  rows: number;
  bytes: number;
}
/** Waited for. */
export type OnProgress = (progress: Progress) => void | Promise<void>;
