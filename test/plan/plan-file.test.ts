import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../support/plan-text.ts';

const step = '{ action: log, config: { message: m } }';

describe('a flow file', () => {
  it.each([
    ['', 'TM003 - `flow.yaml` is empty'],
    ['# only this\n', 'TM003 - `flow.yaml` holds nothing but comments'],
    ['name: "x\nsteps: []\n', 'TM007 1:7 the double quote that opens here is not closed on its line'],
    ['name: x\nsteps:\n\t- a\n', 'TM005 3:1 a tab indents this line: YAML takes only spaces'],
  ])('%j that is too broken is not planned', (text, finding) => {
    const plan = planText(text);
    expect(plan.flows).toEqual([]);
    expect(findingsOf(plan)).toEqual([finding]);
  });

  it('that YAML read otherwise than it was meant is planned as it was meant', () => {
    const plan = planText(
      `name: x\nenv: { A: "1" }\nsteps:\n  - action: log\n    config:\n      message: {{A}}\n      levle: info\n`,
    );
    expect(findingsOf(plan)).toEqual([
      'TM010 6:16 `{{` without quotes is a YAML map inside a map, not a placeholder',
      'TM101 7:7 unknown key `levle` in `config` of `log`',
    ]);
  });

  it('may hold several flows, named by their place', () => {
    const plan = planText(`name: a\nsteps: [${step}]\n---\nname: b\nsteps: [${step}]\n`);
    expect(findingsOf(plan)).toEqual([]);
    expect(plan.flows.map(({ id, name }) => [id, name])).toEqual([
      ['flow-1', 'a'],
      ['flow-2', 'b'],
    ]);
  });

  it('tells its findings in the order of the file, and what is behind an anchor once', () => {
    const plan = planText(
      `name: x\nsteps:\n  - { id: a, action: log, config: &c { message: m, levl: info } }\n  - { id: b, action: log, config: *c }\n  - { id: c, action: lgo }\ntag: [t]\n`,
    );
    expect(findingsOf(plan)).toEqual([
      'TM101 3:52 unknown key `levl` in `config` of `log`',
      'TM105 5:22 unknown action `lgo`',
      'TM101 6:1 unknown key `tag` in a flow',
    ]);
  });

  it('takes no `assert` that asserts nothing', () => {
    expect(findingsOf(planText('name: x\nsteps: [{ action: assert, config: { assertions: [] } }]\n'))).toEqual([
      'TM103 2:49 `assertions`: expected at least 1 item, got an empty list',
    ]);
  });

  it('points at one line, however long the value', () => {
    const span = planText('- a: 1\n  b: 2\n- c\n').diagnostics[0]?.span;
    expect(span?.file.text.slice(span.start, span.end)).toBe('- a: 1');
  });
});
