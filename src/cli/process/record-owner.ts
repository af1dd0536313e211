import { hostname } from 'node:os';
import type { RecordOwner } from '../../records/prune-runs.ts';

/** This process as the writer of a record; of those of other machines nobody knows whether they still run. */
export function createRecordOwner(): RecordOwner {
  const host = hostname();
  return {
    name: `${host} ${process.pid}`,
    isRunning(name) {
      const [on, pid] = name.split(' ');
      return on === host ? isAlive(Number(pid)) : undefined;
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
