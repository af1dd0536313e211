import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const BAD = `name: Users
env: { USER_NAME: "Ada" }
steps:
  - action: log
    config: { message: "hello {{USER_NAM}}, 100%" }
  - action: http_request
    config: { url: "http://localhost:5001/api/users" }
`;
const GOOD = 'name: Hello\nsteps:\n  - action: log\n    config: { message: "hello" }\n';
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-formats-'));
  mkdirSync(join(cwd, 'flows/odd name, here'), { recursive: true });
  writeFileSync(join(cwd, 'flows/bad.yaml'), BAD);
  writeFileSync(join(cwd, 'flows/good.yaml'), GOOD);
  writeFileSync(join(cwd, 'flows/odd name, here/empty.yaml'), '# nothing\n');
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function validate(...words: readonly string[]) {
  return callCommand(['validate', ...words], { cwd });
}

describe('validate --format json', () => {
  it('tells everything about many files at once', async () => {
    const { exitCode, output, errors } = await validate('flows', '--format', 'json');
    expect({ exitCode, errors }).toEqual({ exitCode: 2, errors: '' });
    expect(JSON.parse(output)).toEqual({
      version: 1,
      valid: false,
      files: 3,
      flows: 2,
      errors: 2,
      warnings: 1,
      findings: [
        {
          severity: 'error',
          code: 'TM104',
          message: 'unknown name `USER_NAM`',
          help: ['did you mean `USER_NAME`?'],
          file: 'flows/bad.yaml',
          line: 5,
          column: 33,
          endLine: 5,
          endColumn: 41,
        },
        expect.objectContaining({ severity: 'warning', code: 'TM204', file: 'flows/bad.yaml', line: 6 }),
        {
          severity: 'error',
          code: 'TM003',
          message: '`flows/odd name, here/empty.yaml` holds nothing but comments',
          help: ['a flow file has `name:` and `steps:`'],
          file: 'flows/odd name, here/empty.yaml',
        },
      ],
    });
  });

  it('says that a flow is valid', async () => {
    const { exitCode, output } = await validate('flows/good.yaml', '--format', 'json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual({
      version: 1,
      valid: true,
      files: 1,
      flows: 1,
      errors: 0,
      warnings: 0,
      findings: [],
    });
  });

  it('counts warnings as errors with --strict', async () => {
    const { output } = await validate('flows/bad.yaml', '--format', 'json', '--strict');
    expect(JSON.parse(output)).toMatchObject({
      errors: 2,
      warnings: 0,
      findings: [{ severity: 'error' }, { severity: 'error' }],
    });
  });
});

describe('validate --format github', () => {
  it('annotates the lines, with what would end a command escaped', async () => {
    const { exitCode, output } = await validate('flows', '--format', 'github');
    expect(exitCode).toBe(2);
    const lines = output.trimEnd().split('\n');
    expect(lines[0]).toBe(
      '::error file=flows/bad.yaml,line=5,endLine=5,col=33,endColumn=40,title=TM104::unknown name `USER_NAM`%0Adid you mean `USER_NAME`?',
    );
    expect(lines[1]).toMatch(/^::warning file=flows\/bad\.yaml,line=6,/);
    expect(lines[2]).toMatch(/^::error file=flows\/odd name%2C here\/empty\.yaml,title=TM003::/);
    expect(lines).toHaveLength(3);
  });
});

describe('validate --format sarif', () => {
  it('has what SARIF 2.1.0 requires', async () => {
    const { output } = await validate('flows', '--format', 'sarif');
    const log = JSON.parse(output);
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
    expect(log.runs).toHaveLength(1);
    const [{ tool, results, columnKind }] = log.runs;
    expect(columnKind).toBe('utf16CodeUnits');
    expect(tool.driver).toMatchObject({ name: 'testmesh', semanticVersion: '0.0.0' });
    expect(results).toHaveLength(3);
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      expect(tool.driver.rules[ruleIndex]).toMatchObject({
        id: ruleId,
        shortDescription: { text: expect.any(String) },
      });
      expect(['error', 'warning']).toContain(level);
      expect(message.text).not.toBe('');
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation.uri).not.toMatch(/[ ,\\]/);
      if (region)
        expect(Math.min(region.startLine, region.startColumn, region.endLine, region.endColumn)).toBeGreaterThan(0);
    }
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'flows/bad.yaml' },
      region: { startLine: 5, startColumn: 33, endLine: 5, endColumn: 41 },
    });
    expect(results[2].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'flows/odd%20name%2C%20here/empty.yaml' },
    });
  });

  it('names files outside of the folder by their address', async () => {
    const { output } = await callCommand(['validate', join(cwd, 'flows/bad.yaml'), '--format', 'sarif'], { cwd: '/' });
    const [{ results }] = JSON.parse(output).runs;
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toMatch(/flows\/bad\.yaml$/);
  });
});

describe('validate --format', () => {
  it('is text by default', async () => {
    expect((await validate('flows/good.yaml')).output).toBe('✓ 1 flow in 1 file: 0 errors, 0 warnings\n');
  });

  it('refuses what it does not know', async () => {
    const { exitCode, errors } = await validate('flows', '--format', 'xml');
    expect(exitCode).toBe(2);
    expect(errors).toContain('`text`, `json`, `github` and `sarif`');
  });

  it('gives no command and no escape that stands in a name', async () => {
    const name = 'evil.yaml';
    writeFileSync(join(cwd, name), 'name: x\nsteps:\n  - action: "log\\n::error::owned\\e[2J"\n');
    const github = await validate(name, '--format', 'github');
    const text = await validate(name);
    rmSync(join(cwd, name));
    expect(github.output.trimEnd().split('\n')).toHaveLength(1);
    expect(github.output).toContain('log\\n::error::owned\\u001b[2J');
    expect(text.errors).toContain('error[TM105] unknown action `log\\n::error::owned\\u001b[2J`\n');
    expect(`${text.output}${text.errors}${github.output}`).not.toContain('\u001b');
  });

  it.each(['json', 'github', 'sarif'])('hides secrets in %s', async (format) => {
    writeFileSync(
      join(cwd, 'secret.yaml'),
      `secrets: [PIN]\nenv: { PIN: "hunter2hunter2" }\n${GOOD.replace('log\n', 'hunter2hunter2\n')}`,
    );
    const { output } = await validate('secret.yaml', '--format', format);
    expect(output).toContain('TM105');
    expect(output).not.toContain('hunter2hunter2');
  });
});
