import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What `docker compose -f FILE` does with one service, as far as it is asked here: its container is a process of its own. */
const DOCKER = `#!/usr/bin/env node
const { appendFileSync, closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } = require('node:fs');
const { spawn } = require('node:child_process');
const [, , , verb, ...words] = process.argv.slice(2);
const folder = process.env.FAKE_DOCKER;
const name = words.at(-1);
const at = (end) => folder + '/' + name + end;
appendFileSync(folder + '/calls', [verb, ...words].join(' ').replace(/\\d{4}-\\S+Z/, 'TIME') + '\\n');
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const pid = Number(read(at('.pid')));
const signal = (what) => { try { return process.kill(pid, what); } catch { return false; } };
// One that ended stays in the list until it is reaped.
const isRunning = () => pid > 0 && signal(0) && !/\\) Z /.test(read('/proc/' + pid + '/stat'));
const until = async (isOver, ms) => { for (let left = ms; !isOver() && left > 0; left -= 20) await new Promise((go) => setTimeout(go, 20)); };
const verbs = {
  ps() { if (isRunning()) console.log('f3e1'); },
  up() {
    if (existsSync(at('.fails'))) { console.error('no such image: ' + name); process.exit(1); }
    if (isRunning()) return;
    writeFileSync(at('.offset'), String(existsSync(at('.log')) ? statSync(at('.log')).size : 0));
    const log = openSync(at('.log'), 'a');
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('TESTMESH_')));
    const child = spawn(process.execPath, [at('.mjs')], { detached: true, stdio: ['ignore', log, log], env });
    closeSync(log);
    writeFileSync(at('.pid'), String(child.pid));
    child.unref();
    console.log('Container ' + name + ' Started');
  },
  async logs() {
    let from = words.includes('--since') ? Number(read(at('.offset'))) : 0;
    const print = () => { const all = readFileSync(at('.log')); process.stdout.write(all.subarray(from)); from = all.length; };
    for (; isRunning(); await new Promise((go) => setTimeout(go, 20))) print();
    print();
  },
  async stop() { signal('SIGTERM'); await until(() => !isRunning(), Number(words[1]) * 1000); signal('SIGKILL'); },
  kill() { signal('SIGKILL'); },
};
verbs[verb]();
`;

/** A `docker` that takes the place of the real one on the PATH, with the containers that it has. */
export class FakeDocker {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'docker');
    mkdirSync(join(this.#folder, 'bin'), { recursive: true });
    writeFileSync(join(this.#folder, 'bin', 'docker'), DOCKER);
    chmodSync(join(this.#folder, 'bin', 'docker'), 0o755);
  }

  get env(): { readonly PATH: string; readonly FAKE_DOCKER: string } {
    const path = process.env['PATH'] ?? '';
    return { PATH: `${join(this.#folder, 'bin')}${delimiter}${path}`, FAKE_DOCKER: this.#folder };
  }

  /** Says what the container of a service runs. */
  define(service: string, program: string): void {
    writeFileSync(join(this.#folder, `${service}.mjs`), program);
  }

  /** Has the next start of the service fail. */
  fail(service: string): void {
    writeFileSync(join(this.#folder, `${service}.fails`), '');
  }

  /** The commands so far, a line each, times left out. */
  get calls(): readonly string[] {
    const path = join(this.#folder, 'calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  isRunning(service: string): boolean {
    const path = join(this.#folder, `${service}.pid`);
    if (!existsSync(path)) return false;
    const pid = readFileSync(path, 'utf8');
    const status = `/proc/${pid}/stat`;
    try {
      process.kill(Number(pid), 0);
    } catch {
      return false;
    }
    return !existsSync(status) || !/\) Z /.test(readFileSync(status, 'utf8'));
  }

  /** Starts the container of a service outside of all runs. */
  pid(service: string): number {
    return Number(readFileSync(join(this.#folder, `${service}.pid`), 'utf8'));
  }
}
