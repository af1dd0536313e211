import { describe, expect, it } from 'vitest';
import { type GivenInputs, type GivenValue, resolveInputs } from '../../../src/plan/select/flow-inputs.ts';
import { planText } from '../../support/plan-text.ts';

const FLOW = `
name: x
env:
  TEXT: "a"
  COUNT: 5
  ON: true
  LIST: [1]
  PATH: "p"
  DB: "postgres://localhost/db"
steps:
  - { action: log, config: { message: hello } }
`;

function resolve(inputs: Partial<GivenInputs>) {
  const [flow] = planText(FLOW).flows;
  if (!flow) throw new Error('the flow was not planned');
  return resolveInputs(flow, { given: new Map(), envFile: new Map(), processEnv: {}, ...inputs });
}

function text(value: string, from = '--var'): GivenValue {
  return { text: value, from, isSecret: false };
}

describe('values from outside', () => {
  it('take the type of the value that is declared', () => {
    const given = new Map([
      ['TEXT', text('7')],
      ['COUNT', text('7')],
      ['ON', text('false')],
      ['LIST', text('[2,3]')],
      ['OTHER', text('7')],
    ]);
    const { inputs, diagnostics } = resolve({ given });
    expect(diagnostics).toEqual([]);
    expect(Object.fromEntries(inputs.given)).toEqual({ TEXT: '7', COUNT: 7, ON: false, LIST: [2, 3], OTHER: '7' });
  });

  it.each([
    ['COUNT', 'five', '`COUNT` is declared as a number, but --var gives "five"'],
    ['ON', 'yes', '`ON` is declared as a bool, but --var gives "yes"'],
    ['LIST', '3', '`LIST` is declared as a map or list, but --var gives "3"'],
  ])('%s=%s does not fit', (name, value, message) => {
    const { diagnostics } = resolve({ given: new Map([[name, text(value)]]) });
    expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message]);
  });

  it('come from the process for declared names only, not for empty ones nor those of every shell', () => {
    const { inputs } = resolve({ processEnv: { COUNT: '9', TEXT: '', PATH: '/bin', OTHER: 'x' } });
    expect(Object.fromEntries(inputs.environment)).toEqual({ COUNT: 9 });
    expect(inputs.overrides).toEqual([{ name: 'COUNT', from: 'the environment', target: undefined }]);
  });

  it('are told once, from the highest layer, with host and database of an address', () => {
    const { inputs } = resolve({
      given: new Map([['DB', text('postgres://u:secret@db.example:5432/shop')]]),
      processEnv: { DB: 'postgres://other/db' },
    });
    expect(inputs.overrides).toEqual([{ name: 'DB', from: '--var', target: 'db.example:5432/shop' }]);
  });
});
