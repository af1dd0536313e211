import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENS = '0A';

/** A process. */
export interface PortHolder {
  /** Its first words: `node server.js`. */
  readonly command: string;
  readonly pid: number;
}

/** Who listens on a port of this machine; undefined where it cannot be known. */
export function findPortHolder(port: number): PortHolder | undefined {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    const holds = list(`/proc/${pid}/fd`).some((fd) => inodes.has(readLink(`/proc/${pid}/fd/${fd}`)));
    if (holds) return { command: readCommand(pid), pid: Number(pid) };
  }
  return undefined;
}

/** The sockets that listen on the port, as their descriptors name them. */
function listInodes(table: string, port: number): readonly string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return read(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[1]?.endsWith(wanted) && cells[3] === LISTENS)
    .map((cells) => `socket:[${cells[9]}]`);
}

function readCommand(pid: string): string {
  const words = read(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);
  const command = words.slice(0, 3).join(' ');
  return command.length > 80 ? `${command.slice(0, 80)}…` : command || 'a process';
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
