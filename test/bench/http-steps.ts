import type { BenchPlace, Figure, Reading } from './figure.ts';
import { ORDER, startJsonServer } from './json-server.ts';
import { compareWhole, findBare, TESTMESH, timeWhole } from './processes.ts';
import { median, pairRatios, spread } from './statistics.ts';
import { runBare, runSteps, type StepsMeasured, writeSteps } from './steps.ts';

const STEPS = 1000;
const ROUNDS = 9;
const WHOLE_ROUNDS = 5;

/** 1,000 HTTP steps with three assertions each, against a loop that does the same with the client alone. */
export const httpSteps: Figure = {
  name: 'http',
  needsStack: false,
  async measure({ folder }: BenchPlace): Promise<readonly Reading[]> {
    const server = await startJsonServer(() => ORDER);
    try {
      writeSteps(folder, { flow: 'http.yaml', count: STEPS, step: (index) => describeOrderStep(server.url, index) });
      const loop = [server.url, String(STEPS)];
      const flow = { folder, flow: 'http.yaml', stepCount: STEPS };
      const ours: StepsMeasured[] = [];
      const bare: StepsMeasured[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        bare.push(await runBare('http', loop, folder));
        ours.push(await runSteps(flow));
      }
      const ratios = pairRatios(ours.map(takeCpu), bare.map(takeCpu));
      const memory = await runSteps({ ...flow, isMemoryWanted: true });
      return [
        {
          figure: `${STEPS} HTTP steps / bare loop, CPU`,
          value: median(ratios),
          limit: 1.6,
          unit: '×',
          detail: `${spread(ratios)} ×, ${spread(ours.map(takeCpu))} ms against ${spread(bare.map(takeCpu))} ms`,
        },
        await measureWhole(folder, loop),
        {
          figure: `heap after ${STEPS} steps / after 200`,
          value: (memory.memoryAtEnd ?? Number.NaN) / (memory.memoryAt200 ?? Number.NaN),
          limit: 1.3,
          unit: '×',
          detail: `${toMegabytes(memory.memoryAtEnd)} MB against ${toMegabytes(memory.memoryAt200)} MB, results of steps included`,
        },
      ];
    } finally {
      server.close();
    }
  },
};

async function measureWhole(folder: string, loop: readonly string[]): Promise<Reading> {
  const commands = [
    [process.execPath, findBare('http'), ...loop],
    [process.execPath, TESTMESH, 'run', 'http.yaml'],
  ];
  const [bare, ours] = await timeWhole(commands, WHOLE_ROUNDS, folder);
  if (!bare || !ours) throw new Error('a program was not timed');
  return {
    figure: `${STEPS} HTTP steps / bare loop, whole process`,
    limit: 2.5,
    unit: '×',
    ...compareWhole(ours, bare),
  };
}

/** A request with three assertions. */
export function describeOrderStep(url: string, index: number): string {
  return `  - id: step_${index}
    action: http_request
    config: { url: "${url}/orders/${index}" }
    assert:
      - status == 200
      - body.total == 59.98
      - len(body.items) == 1
`;
}

function takeCpu({ cpuMs }: StepsMeasured): number {
  return cpuMs;
}

function toMegabytes(bytes = Number.NaN): string {
  return (bytes / 1_000_000).toFixed(1);
}
