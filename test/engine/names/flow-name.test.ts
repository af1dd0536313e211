import { describe, expect, it } from 'vitest';
import type { FlowStarted } from '../../../src/model/events.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';
import { startText } from '../../support/run-text.ts';

const says = (message: string): string => `  - { action: log, config: { message: "${message}" } }\n`;

/** The names that the flows of a text have in the events, and what they log. */
async function run(text: string, options: Parameters<typeof startText>[1] = {}) {
  const run = startText(text, options);
  const { outcome } = await run.finish();
  const named = run.events.filter(({ type }) => type === 'flow_started' || type === 'flow_finished') as FlowStarted[];
  const logs = run.events.flatMap((event) => (event.type === 'log_written' ? [event.message] : []));
  return { outcome, names: [...new Set(named.map(({ about }) => about.name))], logs, events: run.events };
}

describe('the name of a flow', () => {
  it('has its placeholders filled in, everywhere', async () => {
    const text = `name: "Order \${SKU} for {{n * 2}}"\nenv: { n: 3, SKU: "a-{{n}}", SEEN: "{{FLOW_NAME}}!" }\nsteps:\n${says('{{FLOW_NAME}} {{SEEN}}')}`;
    const ended = await run(text);
    expect(ended.names).toEqual(['Order a-3 for 6']);
    expect(ended.logs).toEqual(['Order a-3 for 6 Order a-3 for 6!']);
  });

  it('is that of each row', async () => {
    const ended = await run(
      `name: "Order of {{who}}"\ndata: [{ who: Ada }, { who: Zoë }]\nsteps:\n${says('{{FLOW_NAME}}')}`,
    );
    expect(ended.names).toEqual(['Order of Ada [row 1: who=Ada]', 'Order of Zoë [row 2: who=Zoë]']);
    expect(ended.logs).toEqual(['Order of Ada', 'Order of Zoë']);
  });

  it.each([
    ['one that is skipped', 'skip: "not now"', 'Order a'],
    ['one with the name alone', '', 'Order a'],
  ])('is made for %s', async (_title, more, name) => {
    expect((await run(`name: "Order {{SKU}}"\nenv: { SKU: a }\n${more}\nsteps:\n${says('hello')}`)).names).toEqual([
      name,
    ]);
  });

  it.each([
    ['"Order \\\\{{SKU}}"', 'Order {{SKU}}'],
    ['7', '7'],
    ['!raw "Order {{SKU}}"', 'Order {{SKU}}'],
  ])('may be literal: %s', async (name, expected) => {
    expect((await run(`name: ${name}\nsteps:\n${says('hello')}`)).names).toEqual([expected]);
  });

  it('keeps secrets masked', async () => {
    const text = `name: "Order with {{KEY}}"\nsecrets: [KEY]\nenv: { KEY: "s3cr3t-key" }\nsteps:\n${says('hello')}`;
    expect(JSON.stringify((await run(text)).events)).not.toContain('s3cr3t-key');
  });

  it.each([
    ['in its name', '"Order with {{KEY}}"', 'x'],
    ['in a variable', '"Order of {{who}}"', '{{KEY}}'],
  ])('keeps secrets masked of a flow that is not begun: %s', async (_title, name, who) => {
    const first = 'name: first\nsteps:\n  - { action: assert, config: { assertions: ["1 == 2"] } }\n';
    const second = `name: ${name}\nsecrets: [KEY]\nenv: { KEY: "s3cr3t-key", who: "${who}" }\nsteps:\n${says('hello')}`;
    const { events } = await run(`${first}---\n${second}`, { bail: 1 });
    expect(events.filter(({ type }) => type === 'flow_started')).toHaveLength(2);
    expect(JSON.stringify(events)).not.toContain('s3cr3t-key');
  });

  it('keeps secrets of a row masked of a flow that is not begun', async () => {
    const text = `name: n\nsecrets: [key]\ndata: [{ key: "s3cr3t-1" }, { key: "s3cr3t-2" }]\nsteps:\n  - { action: assert, config: { assertions: ["key == 1"] } }\n`;
    const { events } = await run(text, { bail: 1 });
    expect(JSON.stringify(events)).not.toContain('s3cr3t-');
  });

  it('that cannot be made is an error of the flow, and nothing runs', async () => {
    const ended = await run(`name: "Order {{SKU}}"\nenv: { SKU: null }\nsteps:\n${says('hello')}`);
    expect(ended).toMatchObject({ outcome: 'errored', logs: [] });
    const called = { 'c.yaml': `name: "Called {{SKU}}"\nenv: { SKU: null }\nsteps:\n${says('hello')}` };
    const calling = 'name: n\nsteps: [ { action: run_flow, config: { flow: c.yaml } } ]\n';
    expect(await run(calling, { files: called })).toMatchObject({ outcome: 'errored', logs: [] });
  });

  it('of a flow that is called is made of what the call gives', async () => {
    const called = { 'c.yaml': `name: "Called by {{who}}"\nsteps:\n${says('{{FLOW_NAME}}')}` };
    const calling = 'name: n\nsteps: [ { action: run_flow, config: { flow: c.yaml, input: { who: Ada } } } ]\n';
    expect((await run(calling, { files: called })).logs).toEqual(['Called by Ada']);
  });

  it.each([
    ['"{{wha}}"', '', ['TM104 1:10 unknown name `wha`']],
    ['"{{got}}"', '', ['TM106 1:10 `got` is made by step `make`, but the flow has its name before its first step']],
    ['"{{FLOW_NAME}}"', '', ['TM106 1:10 `FLOW_NAME` is this name: it cannot be a part of itself']],
    [
      '"{{a}}"',
      'a: "{{FLOW_NAME}}"',
      ['TM106 2:14 `FLOW_NAME` is made of `a`, which has no value yet where `a` is made'],
    ],
    ['"{{a}}"', 'a: "1", b: "{{FLOW_NAME}}"', []],
    ['"{{a b}}"', 'a: "1"', ['TM111 1:12 the placeholder is not closed: expected `}}`, found `b`']],
  ])('is checked before the run: %s', (name, env, expected) => {
    const text = `name: ${name}\nenv: { ${env} }\nsteps: [ { id: make, action: set, config: { got: "1" } } ]\n`;
    const findings = findingsOf(planText(text)).filter((line) => !line.includes('is never used'));
    expect(findings).toEqual(expected);
  });
});
