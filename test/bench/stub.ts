import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BenchPlace, Figure, Reading } from './figure.ts';
import { findBare, TESTMESH } from './processes.ts';
import { median, spread } from './statistics.ts';

const REQUESTS = 10_000;
const PARALLEL = 20;
const ROUNDS = 3;
const TICK_MS = 10;
const TEXT = 'x'.repeat(300);

/** A stub that is asked 10,000 times: processor time of a request beyond a bare server's, and memory while all are kept and are the result of a verify. */
export const stub: Figure = {
  name: 'stub',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const bare: number[] = [];
    const beyond: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const bareMs = await askBare();
      const { cpuMs, peakMb } = await askStub(folder);
      bare.push((bareMs / REQUESTS) * 1000);
      beyond.push(((cpuMs - bareMs) / REQUESTS) * 1000);
      peaks.push(peakMb);
    }
    return [
      {
        figure: 'µs of CPU of a stub request beyond bare',
        value: median(beyond),
        limit: 60,
        unit: '',
        detail: `${spread(beyond)} µs, bare ${spread(bare)} µs, ${REQUESTS} requests, ${PARALLEL} at a time`,
      },
      {
        figure: `memory with ${REQUESTS} kept requests`,
        value: median(peaks),
        limit: 150,
        unit: 'MB',
        detail: `${spread(peaks)} MB at most, with all of them in a result`,
      },
    ];
  },
};

async function askBare(): Promise<number> {
  const child = spawn(process.execPath, [findBare('node-server')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
  const cpuMs = await ask(Number(port), child);
  child.kill();
  await once(child, 'close');
  return cpuMs;
}

interface Asked {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** The flow has this process ask its stub; when it goes on to verify, its memory is looked at until it ends. */
async function askStub(folder: string): Promise<Asked> {
  let child: ChildProcess | undefined;
  let cpuMs = 0;
  const driver = createServer((asked, response) => {
    const port = Number(asked.url?.slice(1));
    void (child ? ask(port, child) : Promise.resolve(0)).then((ms) => {
      cpuMs = ms;
      response.end();
    });
  });
  await once(driver.listen(0, '127.0.0.1'), 'listening');
  const out = join(folder, 'peak');
  writeFileSync(join(folder, 'stub.yaml'), describeFlow((driver.address() as AddressInfo).port));
  const watch = join(import.meta.dirname, 'peak-watch.cjs');
  child = spawn(process.execPath, ['-r', watch, TESTMESH, 'run', 'stub.yaml'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BENCH_OUT: out },
  });
  const [code] = await once(child, 'close');
  driver.close();
  if (code !== 0) throw new Error(`the flow of a stub ended with ${code}`);
  return { cpuMs, peakMb: Number(readFileSync(out, 'utf8')) / 1024 };
}

function describeFlow(port: number): string {
  return `name: a stub
setup:
  - id: pay
    action: mock_server_start
    config: { routes: [{ method: POST, path: "/pay/:id", response: { body: { id: "{{request.body.id}}", status: paid } } }] }
steps:
  - { id: ask, action: http_request, config: { url: "http://127.0.0.1:${port}/{{pay.port}}", timeout: 100s }, assert: [status == 200] }
  - { id: asked, action: mock_server_verify, config: { server: pay, count: ${REQUESTS} }, assert: [len(requests) == ${REQUESTS}] }
`;
}

/** Sends all requests; gives the processor time that the process took for them. */
async function ask(port: number, { pid }: ChildProcess): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const before = readCpuMs(pid);
  let next = 0;
  const send = (id: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path: `/pay/${id}`, headers }, (answer) =>
        answer.resume().on('end', resolve),
      );
      sent.on('error', reject).end(JSON.stringify({ id, text: TEXT }));
    });
  const sendOn = async (): Promise<void> => {
    while (next < REQUESTS) await send(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL }, sendOn));
  agent.destroy();
  return readCpuMs(pid) - before;
}

/** Of all threads of a process, by the system's clock. */
function readCpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
  return fields.reduce((sum, count) => sum + count, 0) * TICK_MS;
}
