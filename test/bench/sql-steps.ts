import type { BenchPlace, Figure, Reading } from './figure.ts';
import { median, pairRatios, spread } from './statistics.ts';
import { runBare, runSteps, type StepsMeasured, writeSteps } from './steps.ts';

const STEPS = 200;
const ROUNDS = 15;

/** 200 queries with two assertions each, against a loop that does the same with the client alone. */
export const sqlSteps: Figure = {
  name: 'sql',
  needsStack: true,
  async measure({ folder, databaseUrl }: BenchPlace): Promise<readonly Reading[]> {
    writeSteps(folder, { flow: 'sql.yaml', count: STEPS, step: (index) => describeStep(databaseUrl, index) });
    const ours: StepsMeasured[] = [];
    const bare: StepsMeasured[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await runBare('sql', [databaseUrl, String(STEPS)], folder));
      ours.push(await runSteps({ folder, flow: 'sql.yaml', stepCount: STEPS }));
    }
    const ratios = pairRatios(
      ours.map(({ cpuMs }) => cpuMs),
      bare.map(({ cpuMs }) => cpuMs),
    );
    const detail = `${spread(ratios)} ×, ${spread(ours.map(({ cpuMs }) => cpuMs))} ms against ${spread(bare.map(({ cpuMs }) => cpuMs))} ms`;
    return [{ figure: `${STEPS} SQL steps / bare loop, CPU`, value: median(ratios), limit: 1.5, unit: '×', detail }];
  },
};

function describeStep(url: string, index: number): string {
  return `  - id: step_${index}
    action: database_query
    config:
      connection: "${url}"
      query: select $1::int as id, 'paid' as status, now() as at
      params: [${index}]
    assert:
      - row_count == 1
      - first_row.id == ${index}
`;
}
