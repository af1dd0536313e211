import type { ActionFields } from './fields.ts';
import { sampleResult, sampleSettings } from './samples.ts';
import { chooseExample, nameConstant, writeAssertion } from './write-source.ts';

/** A flow that uses the action, and passes. */
export function writeFixture({ name, settings, result }: ActionFields): string {
  const assertions = [...result].map(([key, kind]) => `      - ${writeAssertion(key, kind)}\n`).join('');
  return `name: ${name} gives what it says
steps:
  - id: step
    action: ${name}
    config: ${JSON.stringify(sampleSettings(settings))}
    assert:
${assertions}`;
}

/** The test of an action: its result, its flow, and what its fields make findings say. */
export function writeTest(fields: ActionFields): string {
  const { name, settings, result } = fields;
  const constant = nameConstant(name);
  return `import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { ${constant} } from '../../src/actions/${name}.ts';
import { createFakeIo } from '../support/fake-io.ts';
import { findingsOf, planText } from '../support/plan-text.ts';
import { runAction } from '../support/run-action.ts';
import { findFlow } from '../support/run-plan.ts';
import { startText } from '../support/run-text.ts';

const settings = ${JSON.stringify(sampleSettings(settings))};
const flow = readFileSync(new URL('fixtures/${name}.yaml', import.meta.url), 'utf8');

/** The codes of what is found in a flow of this step and others around it. */
function find(more: string, { before = [], after = [] }: { before?: string[]; after?: string[] } = {}): string[] {
  const step = \`{ id: step, action: ${name}, config: \${JSON.stringify(settings)}\${more} }\`;
  const steps = [...before, step, ...after].map((one) => \`  - \${one}\\n\`).join('');
  return planText(\`name: x\\nsteps:\\n\${steps}\`).diagnostics.map(({ code }) => code);
}

const asserting = (assertion: string): string => \`, assert: [\${JSON.stringify(assertion)}]\`;

it('gives what its fields say', async () => {
  const { result } = await runAction(${constant}, settings, createFakeIo());
  expect(result).toEqual(${JSON.stringify(sampleResult(result))});
});

it('takes its settings, and no others', () => {
  expect(safeParse(${constant}.settings.schema, settings).success).toBe(true);
  expect(safeParse(${constant}.settings.schema, { ...settings, other: 1 }).success).toBe(false);
});

it('does what its flow expects', async () => {
  expect(findingsOf(planText(flow))).toEqual([]);
  const run = startText(flow);
  await run.finish();
  expect(findFlow(run.events)).toMatchObject({ outcome: 'passed' });
});

describe('what is found before the run', () => {
${listFindings(fields).join('\n')}});
`;
}

/** The tests of the fields that findings read. */
function listFindings(fields: ActionFields): readonly string[] {
  const { result, items, judges, traits } = fields;
  const wrong = [...result].flatMap(([key, kind]) => writeWrong(key, kind));
  const example = JSON.stringify(chooseExample(fields));
  const [key = ''] = result.keys();
  const others = traits.filter((trait) => trait === 'isLocal' || trait === 'ownsDeadline');
  return [
    ...(wrong.length === 0
      ? []
      : [
          `  it.each(${JSON.stringify(wrong)})('%s can never hold', (assertion) => {
    expect(find(asserting(assertion))).toContain('TM208');
  });
`,
        ]),
    `  it('${judges ? 'judges by itself' : 'judges nothing without an assertion'}', () => {
    expect(find('')).${judges ? 'not.' : ''}toContain('TM204');
    expect(find(asserting(${example}))).toEqual([]);
  });
`,
    `  it('is ${traits.includes('isLook') ? 'a look that a poll could repeat' : 'no look that a poll could repeat'}', () => {
    const before = ['{ action: delay, config: { duration: 1s } }'];
    expect(find(asserting(${example}), { before })).${traits.includes('isLook') ? '' : 'not.'}toContain('TM209');
  });
`,
    `  it('gives what ${traits.includes('creates') ? 'the flow alone knows of' : 'others may know of, too'}', () => {
    const query = "connection: 'postgres://localhost/x', query: 'SELECT * FROM t WHERE a = $1', params: ['{{made}}']";
    const after = [\`{ action: database_query, config: { \${query} }, assert: [row_count >= 1] }\`];
    expect(find(', output: { made: ${key} }', { after })).${traits.includes('creates') ? '' : 'not.'}toContain('TM214');
  });
`,
    ...(items
      ? [
          `  it('gives a list of things', () => {
    expect(${nameConstant(fields.name)}.result.items).toEqual(${JSON.stringify(items)});
  });
`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `  it('says how it is to be run', () => {
    expect(${nameConstant(fields.name)}.traits).toMatchObject({ ${others.map((trait) => `${trait}: true`).join(', ')} });
  });
`,
        ]
      : []),
  ];
}

/** A comparison of a key with a value of another type. */
function writeWrong(key: string, kind: string): readonly string[] {
  if (kind === 'any') return [];
  return [kind.startsWith('string') ? `${key} == 1` : `${key} == "1"`];
}
