import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const PLACES = {
  step: (skip: string) => `name: x\nsteps: [ { skip: ${skip}, action: log, config: { message: hi } } ]\n`,
  flow: (skip: string) => `name: x\nskip: ${skip}\nsteps: [ { action: log, config: { message: hi } } ]\n`,
  cleanup: (skip: string) =>
    `name: x\nsteps: [ { action: log, config: { message: hi }, cleanup: { skip: ${skip}, action: log, config: { message: hi } } } ]\n`,
};

function plan(text: string) {
  const planned = planText(text);
  const flow = planned.flows[0];
  const [step] = flow?.steps ?? [];
  const reason = flow?.skip ?? step?.skip ?? step?.cleanup?.[0]?.skip;
  return { reason, findings: findingsOf(planned), help: planned.diagnostics[0]?.help };
}

describe.each(['step', 'flow', 'cleanup'] as const)('`skip` of a %s', (place) => {
  const write = PLACES[place];

  it.each(['"waits for ticket 12"', 'no longer needed', '"false alarm, see 12"', '"0 rows"', '"costs $5 {a}"'])(
    '%s is a reason',
    (skip) => {
      expect(plan(write(skip))).toMatchObject({ reason: skip.replaceAll('"', ''), findings: [] });
    },
  );

  it.each(['false', 'False', '', 'null'])('%s leaves nothing out', (skip) => {
    expect(plan(write(skip))).toMatchObject({ reason: undefined, findings: [] });
  });

  it.each([
    ['true', 'bool true'],
    ['no', 'string "no"'],
    ['"false"', 'string "false"'],
    ['"true"', 'string "true"'],
    ['yes', 'string "yes"'],
    ['0', 'int 0'],
    ['1', 'int 1'],
    ['""', 'string ""'],
    ['[a]', 'a list'],
    ['{ a: 1 }', 'a map'],
  ])('%s is no reason', (skip, got) => {
    const { reason, findings } = plan(write(skip));
    const what = place === 'flow' ? 'flow' : 'step';
    expect(reason).toBeUndefined();
    expect(findings).toEqual([
      expect.stringMatching(/^TM103 \d+:\d+ `skip`: expected the reason why the (?:step|flow) is left out, got /),
    ]);
    expect(findings[0]).toContain(`the ${what} is left out, got ${got}`);
  });

  it.each(['"{{SKIP}}"', '"${SKIP}"', '"<<SKIP>>"', '"not in {{STAGE}}"'])('%s is told to be a `when`', (skip) => {
    const { reason, findings, help } = plan(write(skip));
    expect(reason).toBeUndefined();
    expect(findings).toEqual([expect.stringContaining('`skip` is a reason, in which placeholders have no value')]);
    expect(help?.join()).toContain('`when: "…"`');
  });
});
