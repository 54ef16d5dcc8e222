import { closeSync, ftruncateSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CollectorError } from '../../../contract/error.ts';
import { tryKernelLock } from './kernel-lock.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes a data directory for this process, until it gives it back or ends. The kernel keeps the lock (docs/adr/0028); what the file
 * says is for whoever is refused: pid, PID namespace and host of the holder.
 * @throws CollectorError conflict naming who holds it, config_invalid where the file system keeps no locks
 */
export function takeDirectory(directory: string): DirectoryLock {
  const path = join(directory, 'lock');
  const descriptor = tryKernelLock(path);
  if (descriptor === undefined) throw inUse(directory, wordsOf(path));
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${process.pid} ${HERE}\n`, 0);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  let held = true;
  return {
    release() {
      // A second time the number may be another file's.
      if (!held) return;
      held = false;
      ftruncateSync(descriptor);
      closeSync(descriptor);
    },
  };
}

/** Where pids mean the same as to us. Containers differ in it, and so do machines. */
const HERE = `${pidNamespace()} ${hostname()}`;

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '-';
  }
}

/** Empty when the holder has taken the lock and not yet written them, and where a lock keeps readers out too (Windows). */
function wordsOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function inUse(directory: string, holder: string): CollectorError {
  const [pid, namespace, host] = holder.trim().split(' ');
  if (!pid || !host)
    return new CollectorError('conflict', `The data directory ${directory} is in use by another process. ${REMEDY}`, { details: {} });
  if (`${namespace} ${host}` === HERE)
    return new CollectorError('conflict', `The data directory ${directory} is in use by process ${pid}. ${REMEDY}`, {
      details: { pid: Number(pid) },
    });
  const message = `The data directory ${directory} is in use by another container or machine: process ${pid} there, host ${host}. A directory has one database server. Run commands there (docker exec), stop that one first, or choose another data directory.`;
  return new CollectorError('conflict', message, { details: { pid: Number(pid), host } });
}

const REMEDY = 'Stop that one first, or choose another data directory.';
