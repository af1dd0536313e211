import { readdirSync, readFileSync } from 'node:fs';

/** In the environment of every process of a service: the run that it belongs to. */
export const RUN_MARK = 'TESTMESH_SERVICE_RUN';
/** The service itself. */
export const SERVICE_MARK = 'TESTMESH_SERVICE';

/** The living processes whose environment has these variables, on Linux; none elsewhere. */
export function listMarked(marks: Readonly<Record<string, string>>): readonly number[] {
  const wanted = Object.entries(marks).map(([name, value]) => `\0${name}=${value}\0`);
  return listPids().filter((pid) => {
    const environment = `\0${readProcessFile(pid, 'environ')}\0`;
    return wanted.every((mark) => environment.includes(mark)) && !isZombie(pid);
  });
}

/** The living processes of a group, on Linux; undefined where the system does not list them. */
export function listGroup(group: number): readonly number[] | undefined {
  const pids = listPids();
  if (pids.length === 0) return undefined;
  return pids.filter((pid) => {
    const [state, , ofGroup] = readStatus(pid);
    return ofGroup === String(group) && state !== 'Z';
  });
}

function listPids(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Of one that ended and that nobody asked about; it has no environment any more either. */
function isZombie(pid: number): boolean {
  return readStatus(pid)[0] === 'Z';
}

/** State, parent, group, …: what follows the name, which may hold blanks and brackets. */
function readStatus(pid: number): readonly string[] {
  const text = readProcessFile(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Empty for a process that is gone, or another user's. */
function readProcessFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
