import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-control-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (line: string, env: Record<string, string> = {}) => callCommand(line.split(' '), { cwd, env });

const FILES: Readonly<Record<string, string>> = {
  'rows.csv': 'sku,quantity\nA1,2\n"B,2",0\n',
  'rows.yaml': `
name: Order is placed
data: rows.csv
setup: [ { id: begin, action: log, config: { message: "begin {{sku}}" } } ]
steps: [ { id: check, action: assert, config: { assertions: ["int(quantity) > 0"] } } ]
teardown: [ { id: end, action: log, config: { message: "end {{sku}}" } } ]
`,
  'declared.yaml': `
name: Names
env: { who: declared, made: "{{who}}!" }
data: [ { who: row } ]
steps: [ { id: say, action: log, config: { message: "{{who}} {{made}}" } } ]
`,
  'caller.yaml': `
name: Caller
steps:
  - { id: call, action: run_flow, config: { flow: greet, input: { who: Ada } }, assert: ["said == 'hello Ada'"] }
`,
  'greet.yaml': `
name: Greeting
env: { who: nobody }
steps: [ { id: greet, action: set, config: { said: "'hello ' + who" } } ]
output: { said: said }
`,
  'loop.yaml': `
name: Loop
steps:
  - { id: names, action: set, config: { list: "['a', 'b', 'c']" } }
  - id: each
    action: for_each
    config:
      items: "{{list}}"
      continue_on_error: true
      steps:
        - { id: make, action: set, config: { made: "item + string(index)" }, cleanup: { action: log, config: { message: "undo {{made}}" } } }
        - { id: check, action: assert, config: { assertions: ["made == item + string(index)", "make.made == made", "item != BAD"] } }
  - id: par
    action: parallel
    on_error: continue
    config:
      branches:
        - { name: left, steps: [ { id: one, action: set, config: { left: "1" } }, { id: two, action: assert, config: { assertions: [left == 1, one.left == 1] } } ] }
`,
  'deep.yaml': `
name: Deep
steps:
  - id: each
    action: for_each
    config:
      items: [[1, 2], [3]]
      steps:
        - id: inner
          action: for_each
          config:
            items: "{{item}}"
            item_name: number
            index_name: place
            steps: [ { id: seen, action: set, config: { last: "number" } }, { id: look, action: assert, config: { assertions: [number < 9] } } ]
        - id: both
          action: parallel
          config:
            branches: [ { name: a, steps: [ { id: left, action: assert, config: { assertions: [index < 9] } } ] } ]
        - id: maybe
          action: if
          config: { condition: index < 9, then: [ { id: then_look, action: assert, config: { assertions: [index < 9] } } ] }
        - { id: call, action: run_flow, config: { flow: greet.yaml, input: { who: Ada } } }
  - { id: use, action: assert, config: { assertions: ["len(each.results) == 2", "each.results[1].captures.last == 3"] } }
`,
};

describe('data rows', () => {
  it('run the whole flow once each, with a result each', async () => {
    const ended = await run('run rows.yaml --reporter tree --reporter junit=rows.xml');
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toContain('Order is placed [row 1: sku=A1, quantity=2]');
    expect(ended.output).toMatch(/begin A1.*end A1.*begin B,2.*end B,2/s);
    expect(ended.output).toContain('2 flows: 1 passed, 1 failed');
    expect(ended.output).toContain('again: testmesh run rows.yaml --row 2 --only check');
    const junit = readFileSync(join(cwd, 'rows.xml'), 'utf8');
    expect(junit.match(/<testsuite name="Order is placed \[row \d\]"/g)).toHaveLength(2);
  });

  it('are chosen with --row; --only takes the values of that row’s last run', async () => {
    expect((await run('run rows.yaml --row 1')).exitCode).toBe(0);
    const again = await run('run rows.yaml --row 2 --only check');
    expect(again.exitCode).toBe(1);
    expect(again.output).toMatch(/quantity +string "0"/);
    const none = await run('run rows.yaml --row 3');
    expect(none.exitCode).toBe(2);
    expect(none.errors).toContain('error[TM124] no chosen flow has a row 3');
    expect(none.errors).toContain('the rows are 1 to 2');
    expect((await run('run rows.yaml --row none')).exitCode).toBe(2);
  });

  it('come before the environment and the flow’s own values, and after --var', async () => {
    const shell = await run('run declared.yaml', { who: 'shell' });
    expect(shell.output).toContain('row row!');
    expect((await run('run declared.yaml --var who=flag')).output).toContain('flag flag!');
  });
});

describe('a flow that calls another', () => {
  it('finds it by its id among the flows of the run', async () => {
    const both = await run('run caller.yaml greet.yaml');
    expect(both.exitCode, both.output + both.errors).toBe(0);
    expect(both.output).toContain('2 flows: 2 passed');
    const alone = await run('run caller.yaml');
    expect(alone.exitCode).toBe(2);
    expect(alone.errors).toContain('error[TM123] there is no flow `greet`');
  });

  it('gives it the command line’s values, but not before its own', async () => {
    const ended = await run('run caller.yaml greet.yaml --var who=Grace', { who: 'shell' });
    expect(ended.exitCode, ended.output).toBe(0);
  });

  it('tells what is wrong with it once, however often it is called', async () => {
    cpSync(join(cwd, 'caller.yaml'), join(cwd, 'again.yaml'));
    writeFileSync(join(cwd, 'greet-broken.yaml'), FILES['greet.yaml']?.replace('who +', 'whoo +') ?? '');
    const text = FILES['caller.yaml']?.replace('flow: greet', 'flow: greet-broken.yaml') ?? '';
    writeFileSync(join(cwd, 'first.yaml'), text.replace(', assert: ["said == \'hello Ada\'"]', ''));
    const ended = await run('validate first.yaml greet-broken.yaml');
    writeFileSync(join(cwd, 'greet-broken.yaml'), FILES['greet.yaml']?.replace("'hello ' + who", 'whoo') ?? '');
    const misspelt = await run('validate first.yaml greet-broken.yaml');
    expect(ended.exitCode).toBe(0);
    expect(misspelt.exitCode).toBe(2);
    expect(misspelt.errors.match(/unknown name `whoo`/g)).toHaveLength(1);
    expect(misspelt.errors).toContain('greet-broken.yaml:4:');
  });
});

describe('--only of steps inside others', () => {
  it('takes rounds of a loop and steps of branches from the record', async () => {
    const whole = await run('run loop.yaml --var BAD=none');
    expect(whole.exitCode, whole.output + whole.errors).toBe(0);
    expect(whole.output).toContain('undo a0');
    const round = await run('run loop.yaml --var BAD=none --only each[1]>check');
    expect(round.exitCode, round.output).toBe(0);
    expect(round.output).toMatch(/✓ each +for_each.*✓ \[1\] check/s);
    expect(round.output).not.toMatch(/\[0\]|\[2\]|undo|make/);
    const all = await run('run loop.yaml --var BAD=none --only each>check');
    expect(all.output.match(/✓ \[\d\] check/g)).toHaveLength(3);
    expect((await run('run loop.yaml --var BAD=none --only par>left>two')).exitCode).toBe(0);
    expect((await run('run loop.yaml --var BAD=none --only two')).exitCode).toBe(0);
    const unknown = await run('run loop.yaml --var BAD=none --only each>chekc');
    expect(unknown.exitCode).toBe(2);
  });

  it.each(['', ',', ' , '])('refuses %j, which names no step: it would run them all', async (ids) => {
    for (const words of [['--only', ids], [`--only=${ids}`], ['--only', 'two', '--only', ids]]) {
      const ended = await callCommand(['run', 'loop.yaml', '--var', 'BAD=none', ...words], { cwd });
      expect(ended).toMatchObject({ exitCode: 2, output: '' });
      expect(ended.errors).toContain('--only: expected the id of a step, got ');
    }
  });

  it('is not green when the chosen round is not there', async () => {
    expect((await run('run loop.yaml --var BAD=none')).exitCode).toBe(0);
    for (const chosen of ['each[7]>check', 'each[1]>check,each[7]>check']) {
      const ended = await run(`run loop.yaml --var BAD=none --only ${chosen}`);
      expect(ended.exitCode, ended.output).toBe(2);
      expect(ended.output).toContain('`each[7]>check` did not run: there is no such round');
    }
  });

  it('finds them however deep they stand', async () => {
    expect((await run('run deep.yaml')).exitCode).toBe(0);
    for (const chosen of [
      'each[0]>inner[1]>look',
      'each>inner[1]>look',
      'each[1]>inner>look',
      'each[1]>inner',
      'each>inner>look,each[1]>inner>seen',
      'each[1]>both>a>left',
      'each[1]>maybe>then_look',
      'each[1]>call>greet',
    ]) {
      const ended = await run(`run deep.yaml --only ${chosen}`);
      expect(ended.exitCode, `${chosen}\n${ended.output}${ended.errors}`).toBe(0);
    }
    const none = await run('run deep.yaml --only each[1]>inner[1]>look');
    expect(none.exitCode, none.output).toBe(2);
  });

  it('leaves the result of the loop around them as the whole run had it', async () => {
    expect((await run('run deep.yaml')).exitCode).toBe(0);
    expect((await run('run deep.yaml --only each[0]>inner[0]>look')).exitCode).toBe(0);
    const later = await run('run deep.yaml --only use');
    expect(later.exitCode, later.output).toBe(0);
    const beside = await run('run deep.yaml --only each[0]>inner[0]>look,use');
    expect(beside.exitCode, beside.output).toBe(0);
  });

  it('is what the report of a failure suggests', async () => {
    const ended = await run('run loop.yaml --var BAD=b');
    expect(ended.exitCode).toBe(1);
    expect(ended.output).toContain("again: testmesh run loop.yaml --var BAD=b --only 'each[1]>check'");
    const again = await run('run loop.yaml --var BAD=b --only each[1]>check');
    expect(again.exitCode).toBe(1);
    expect(again.output).toContain('item   string "b"');
  });

  it('says what a step lacks when no record has it', async () => {
    const ended = await run('run loop.yaml --var BAD=none --only par>left>two --output-dir fresh');
    expect(ended.exitCode).toBe(2);
    expect(ended.errors).toContain('`two` needs `left`');
  });
});
