import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const steps = 'steps: [{ action: log, config: { message: m } }]\n';

/** The declared variables of a flow of this head. */
function declare(head: string, files: Record<string, string> = {}) {
  const plan = planText(`name: x\n${head}${steps}`, { files });
  return { findings: findingsOf(plan), declared: plan.flows[0]?.declared ?? [] };
}

describe('declared variables', () => {
  it('are those of the env_file, then those of env, in the order written', () => {
    const { declared, findings } = declare('env_file: a.env\nenv: { C: "{{A}}", D: 1 }\n', {
      'a.env': '# head\nexport A=1\n  B = "two words" # why\n',
    });
    expect(findings).toEqual([]);
    expect(declared.map(({ name, origin, type, literal }) => [name, origin, type, literal])).toEqual([
      ['A', 'env_file', 'string', '1'],
      ['B', 'env_file', 'string', 'two words'],
      ['C', 'env', 'string', undefined],
      ['D', 'env', 'number', 1],
    ]);
  });

  it('of an env_file that hold a placeholder are warned of where the flow reads them', () => {
    const text =
      'BASE=http://x\nURL=${BASE}/order\nRAW=\'${BASE}\'\nQ="a\nb-{{BASE}}"\nAPI_TOKEN=ab${hunter2}\nUNREAD=${BASE}\nSET=${A}\nSET=x\n';
    const reads = 'C: "{{URL}}{{RAW}}{{Q}}{{API_TOKEN}}{{SET}}"';
    const { findings, declared } = declare(`env_file: a.env\nenv: { ${reads} }\n`, { 'a.env': text });
    const taken = 'which nothing fills in: a value of a dotenv file is taken as it stands';
    expect(findings).toEqual([
      `TM223 a.env:2:1 \`URL\` holds \`\${BASE}\`, ${taken}`,
      `TM223 a.env:4:1 \`Q\` holds \`{{BASE}}\`, ${taken}`,
      `TM223 a.env:6:1 \`API_TOKEN\` holds a placeholder, ${taken}`,
    ]);
    expect(declared.find(({ name }) => name === 'URL')?.literal).toBe('${BASE}/order');
    const listed = declare(`env_file: a.env\nsecrets: [URL]\nenv: { C: "{{URL}}" }\n`, { 'a.env': text });
    expect(listed.findings).toEqual([`TM223 a.env:2:1 \`URL\` holds a placeholder, ${taken}`]);
    const own = declare(`env_file: a.env\nenv: { URL: x, C: "{{URL}}" }\n`, { 'a.env': text });
    expect(own.findings).toEqual([]);
  });

  it('of an env_file stand at their line of it', () => {
    const { declared } = declare('env_file: a.env\n', { 'a.env': '# A=0\nAB=2\nexport A=1\n' });
    const places = declared.map(({ span }) => [span.file.path, span.file.text.slice(span.start, span.end), span.start]);
    expect(places).toEqual([
      ['a.env', 'AB', 6],
      ['a.env', 'A', 18],
    ]);
  });

  it.each([
    ['"a"', 'string'],
    ['1.50', 'number'],
    ['123456789012345678901', 'number'],
    ['false', 'bool'],
    ['null', 'any'],
    ['[1]', 'json'],
    ['{ a: 1 }', 'json'],
    ['"{{UUID}}"', 'string'],
  ])('%s has the type %s', (value, type) => {
    expect(declare(`env: { A: ${value} }\n`).declared[0]?.type).toBe(type);
  });

  it.each([
    ['a', false],
    ['{{UUID}}', true],
    ['{{FLOW_NAME}}', false],
    ['{{uuid()}}', true],
    ['x {{ random_int(1, 2) }}', true],
    ['{{A}}', true],
    ['{{B}}', false],
  ])('%j differs from run to run: %s', (value, isVolatile) => {
    const { declared } = declare(`env: { A: "{{TIMESTAMP}}", B: "b", C: "${value}" }\n`);
    expect(declared[2]?.isVolatile).toBe(isVolatile);
  });

  it('with a name that every shell has are told', () => {
    expect(declare('env: { PATH: "p", LC_TIME: "t" }\n').findings.map((finding) => finding.slice(0, 10))).toEqual([
      'TM207 2:8 ',
      'TM207 2:19',
    ]);
  });

  it('that could not be read let no unknown name be told, but a near one', () => {
    const text = `name: x\nenv_file: no.env\nenv: { BASE: "b" }\nsteps: [{ action: log, config: { message: "{{A}} {{BASEE}}" } }]\n`;
    expect(findingsOf(planText(text))).toEqual([
      'TM114 2:11 the file `no.env` does not exist',
      'TM104 4:52 unknown name `BASEE`',
    ]);
  });
});
