import { parseAllDocuments } from 'yaml';
import { actions } from '../../src/actions/registry.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { createSourceFile } from '../../src/model/source-file.ts';
import { planFile } from '../../src/plan/plan-file.ts';
import type { Figure, Reading } from './figure.ts';
import { median, pairRatios, spread } from './statistics.ts';

const STEPS = 200;
const FLOWS = 1000;

/** Every finding about a flow, against the bare parse of its YAML. */
export const validation: Figure = {
  name: 'validate',
  needsStack: false,
  measure(): Promise<readonly Reading[]> {
    const long = [writeFlow(STEPS)];
    const many = Array.from({ length: FLOWS }, (_, index) => `${writeFlow(2)}# ${index}\n`);
    return Promise.resolve([
      { figure: `validate a flow of ${STEPS} steps / bare parse`, limit: 1.5, unit: '×', ...compare(long, 30) },
      { figure: `validate ${FLOWS} flows / bare parse`, limit: 2, unit: '×', ...compare(many, 5) },
    ]);
  },
};

function compare(texts: readonly string[], rounds: number): { value: number; detail: string } {
  const functions = createFunctions();
  const options = { actions, functions, givenNames: new Set<string>(), readFile: () => undefined };
  const bare: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(time(texts, (text) => parseAllDocuments(text)));
    // A text of its own for each round, so that no compiled one is met again.
    ours.push(
      time(texts, (text) => planFile(createSourceFile('flow.yaml', '/flow.yaml', `${text}# ${round}\n`), options)),
    );
  }
  const ratios = pairRatios(ours.slice(1), bare.slice(1));
  return { value: median(ratios), detail: `${spread(ratios)} ×, ${spread(ours)} ms against ${spread(bare)} ms` };
}

function time(texts: readonly string[], work: (text: string) => unknown): number {
  const startedAt = performance.now();
  for (const text of texts) work(text);
  return performance.now() - startedAt;
}

function writeFlow(steps: number): string {
  const lines = Array.from(
    { length: steps },
    (_, index) => `  - id: user_${index}
    action: http_request
    config:
      method: POST
      url: "http://localhost/users/${index}"
      body: { name: "John ${index}", number: ${index} }
    assert:
      - status == 200
      - body.id == ${index}
`,
  );
  return `name: users\nsteps:\n${lines.join('')}`;
}
