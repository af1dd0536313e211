import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { startStack } from '../../../demo-services/stack/stack.ts';
import { sample } from '../../support/sample.ts';
import { loadStackApi } from '../../support/stack/build.ts';
import { demoBundle, describeWithStack } from '../../support/stack/stack.ts';

const timeoutMs = 90_000;
const patience = { timeout: 60_000, interval: 50 };
const ends = ['killed', 'interrupted early', 'interrupted', 'lost', 'slow'] as const;
const chosen = sample('stacks as processes', ends, { count: 0 });
const whenChosen = (end: (typeof ends)[number]) => test.runIf(chosen.includes(end));

/** The answer to a question for versions, from a broker that says no more. */
const versionsAlone = Buffer.from('0000000a00000007000000000000', 'hex');

interface Command {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  ended: Promise<number | null>;
}

describeWithStack('the stack as a process', (shared) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'testmesh-test-'));
    chmodSync(folder, 0o755);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const run = (args: string[], env: NodeJS.ProcessEnv = {}): Command => {
    const child = spawn(process.execPath, [demoBundle('stack'), ...args], {
      cwd: folder,
      // run folders land in the test's own folder, where it can see them go
      env: { ...process.env, TMPDIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collected = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      collected.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      collected.stderr += chunk;
    });
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    return { process: child, stdout: () => collected.stdout, stderr: () => collected.stderr, ended };
  };
  const readRunFolders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('testmesh-stack-'));

  whenChosen('killed')('leaves nothing behind when it is killed', { timeout: timeoutMs }, async () => {
    const exports = join(folder, 'exports');
    const stack = run(['--ports', 'free', '--exports', exports]);
    await expect.poll(stack.stderr, patience).toContain('the stack is up');
    await expect.poll(stack.stderr, patience).toContain('paste these lines into the shell that runs the flows');
    const pids = await findDescendants(stack.process.pid ?? 0);
    const commands = await describeProcesses(pids);
    for (const part of ['guard.cjs', 'postgres -D', 'kafka.Kafka', 'user-service.cjs', 'notification-service.cjs']) {
      expect(commands.some((command) => command.includes(part))).toBe(true);
    }
    expect(readFileSync(exports, 'utf8')).toMatch(
      /^export DB_URL='postgresql:\/\/root:admin@127\.0\.0\.1:\d+\/postgres'$/m,
    );
    expect(readRunFolders()).toHaveLength(1);
    stack.process.kill('SIGKILL');
    await expect.poll(() => describeProcesses(pids), { timeout: 10_000, interval: 50 }).toEqual([]);
    await expect.poll(readRunFolders, { timeout: 10_000, interval: 50 }).toEqual([]);
  });

  const interrupts = [
    { end: 'interrupted early', moment: 'while it starts', begun: 'kafka.Kafka', code: 130 },
    { end: 'interrupted', moment: 'when it is up', begun: undefined, code: 0 },
  ] as const;
  test.each(interrupts.filter(({ end }) => chosen.includes(end)))(
    'stops within 10 s at Ctrl-C $moment',
    { timeout: timeoutMs },
    async ({ begun, code }) => {
      const stack = run(['--ports', 'free']);
      const readCommands = async (): Promise<string> =>
        (await describeProcesses(await findDescendants(stack.process.pid ?? 0))).join('\n');
      if (begun === undefined) await expect.poll(stack.stderr, patience).toContain('the stack is up');
      else await expect.poll(readCommands, patience).toContain(begun);
      const pids = await findDescendants(stack.process.pid ?? 0);
      const beganMs = performance.now();
      stack.process.kill('SIGINT');
      expect(await stack.ended).toBe(code);
      await expect.poll(() => describeProcesses(pids), patience).toEqual([]);
      expect(performance.now() - beganMs).toBeLessThan(10_000);
      expect(readRunFolders()).toEqual([]);
    },
  );

  const mistakes = [
    { args: ['--defect', 'nope'], env: {}, message: /^unknown defect `nope`; known are `inventory_added`, / },
    { args: [], env: { DEFECT: 'nope' }, message: /^unknown defect `nope`/ },
    { args: ['--ports', 'odd'], env: {}, message: /^`--ports` must be `usual`, `free` or `usual-or-free`, got `odd`/ },
    { args: ['--port', '1'], env: {}, message: /^Unknown option '--port'/ },
    {
      args: ['--ports', 'free'],
      env: { JAVA_HOME: '/nowhere' },
      message:
        /^Kafka needs Java 17 or newer, and `\/nowhere\/bin\/java` does not run; install it, or start a broker with `docker compose -f docker-compose\.infra\.yml up -d` and set KAFKA_BROKERS to it\n$/,
    },
    {
      args: ['--ports', 'free'],
      env: { DATABASE_URL: 'postgresql://root:secret@127.0.0.1:1/postgres', KAFKA_BROKERS: '127.0.0.1:2,127.0.0.1:3' },
      message:
        /^`DATABASE_URL` names 127\.0\.0\.1:1, and PostgreSQL cannot be reached there \(connect ECONNREFUSED 127\.0\.0\.1:1\); start it, or unset `DATABASE_URL` for one that is started here\n`KAFKA_BROKERS` names 127\.0\.0\.1:2,127\.0\.0\.1:3, and Kafka cannot be reached there \(no broker answers there\); .*\n$/,
    },
  ];
  test.each(sample('mistakes in a stack', mistakes, { count: 0 }))(
    'says what is wrong with $args $env and ends with 2',
    { timeout: timeoutMs },
    async ({ args, env, message }) => {
      const stack = run(args, env);
      expect(await stack.ended).toBe(2);
      expect(stack.stderr()).toMatch(message);
      expect(stack.stdout()).toBe('');
      expect(readRunFolders()).toEqual([]);
    },
  );

  whenChosen('lost')('says what ended by itself, stays up, and ends with 1', { timeout: timeoutMs }, async () => {
    const stack = run(['--ports', 'free']);
    await expect.poll(stack.stderr, patience).toContain('the stack is up');
    const killed = { 'kafka.Kafka': 'kafka', 'user-service.cjs': 'user-service', 'postgres -D': 'postgres' };
    for (const [part, name] of Object.entries(killed)) {
      const children = await findDescendants(stack.process.pid ?? 0);
      const running = (await listProcesses()).find(
        ({ pid, command }) => children.includes(pid) && command.includes(part),
      );
      process.kill(running?.pid ?? 0, 'SIGKILL');
      const reported = `${name} ended (signal SIGKILL), and the rest stays up; its log is ${folder}`;
      await expect.poll(stack.stderr, { timeout: 2_000, interval: 20 }).toContain(reported);
    }
    expect(stack.stderr().match(/ ended \(/g)).toHaveLength(3);
    stack.process.kill('SIGINT');
    expect(await stack.ended).toBe(1);
    expect(stack.stderr().match(/ ended \(/g)).toHaveLength(3);
    expect(readRunFolders()).toEqual([]);
  });

  whenChosen('slow')('says while it starts what it waits for', { timeout: timeoutMs }, async () => {
    const broker = createServer((socket) => socket.once('data', () => socket.write(versionsAlone)));
    await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', () => resolve()));
    const address = broker.address();
    vi.stubEnv('DATABASE_URL', shared.databaseUrl);
    vi.stubEnv('KAFKA_BROKERS', `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    const lines: string[] = [];
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const starting = startStack({ ports: 'free', log: (line) => lines.push(line), signal, reportEveryMs: 200 });
    starting.catch(() => {});
    try {
      await expect
        .poll(() => lines.join('\n'), patience)
        .toMatch(/^after \d+ s the stack still waits for\n {2}.*user-service/m);
    } finally {
      giveUp.abort(new Error('seen enough'));
      broker.close();
    }
    await expect(starting).rejects.toThrow('seen enough');
  });

  test('says which usual port is busy', async () => {
    vi.stubEnv('TMPDIR', folder);
    const server = createServer();
    const isMine = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(5003, '127.0.0.1', () => resolve(true));
    });
    try {
      const message =
        /^port 500\d, wanted for `\w+-service`, is busy; stop what listens there or let free ports be used$/;
      await expect(startStack({ ports: 'usual' })).rejects.toThrow(message);
      expect(readRunFolders()).toEqual([]);
    } finally {
      if (isMine) server.close();
    }
  });

  test('uses the database and the broker that the environment names', { timeout: timeoutMs }, async () => {
    vi.stubEnv('DATABASE_URL', shared.databaseUrl);
    vi.stubEnv('KAFKA_BROKERS', shared.kafkaBrokers);
    const stack = await loadStackApi(inject('demo')).startStack({ ports: 'free', services: false });
    try {
      expect(stack.vars).toMatchObject({ DB_URL: shared.databaseUrl, KAFKA_BROKERS: shared.kafkaBrokers });
      const commands = await describeProcesses(stack.pids());
      expect(commands).toEqual([expect.stringContaining('guard.cjs')]);
      await expect(stack.stopBroker()).rejects.toThrow(
        `the broker at ${shared.kafkaBrokers} was not started here, so it is not stopped here`,
      );
    } finally {
      await stack.stop();
    }
    expect(stack.pids()).toEqual([]);
    expect(existsSync(stack.logFolder)).toBe(false);
  });

  test('starts nothing when it is given up before', async () => {
    const reason = new Error('given up');
    await expect(startStack({ ports: 'free', signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

interface Listed {
  pid: number;
  parent: number;
  state: string;
  command: string;
}

async function listProcesses(): Promise<Listed[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,stat=,args=']);
  return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/gm)].map(
    ([, pid, parent, state = '', command = '']) => {
      return { pid: Number(pid), parent: Number(parent), state, command };
    },
  );
}

async function findDescendants(pid: number): Promise<number[]> {
  const all = await listProcesses();
  const found = [pid];
  for (const parent of found) found.push(...all.filter((one) => one.parent === parent).map((one) => one.pid));
  return found.slice(1);
}

/** The commands of those that still run. */
async function describeProcesses(pids: number[]): Promise<string[]> {
  const running = (await listProcesses()).filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'));
  return running.map(({ command }) => command);
}
