import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const NBSP = '\u00a0';
const find = (text: string): string[] => findingsOf(planText(text));
const flow = (step: string): string => `name: x\nsteps:\n${step}`;

describe('blanks of other kinds', () => {
  it.each([
    ['behind a key', flow(`  - action:${NBSP}log\n    config: { message: hi }\n`), '3:12'],
    ['behind a dash', flow(`  -${NBSP}action: log\n    config: { message: hi }\n`), '3:4'],
    ['in the indentation', flow(`  - action: log\n${NBSP}${NBSP}  config: { message: hi }\n`), '4:1'],
    ['behind a value', flow(`  - action: log${NBSP}\n    config: { message: hi }\n`), '3:16'],
  ])('are named where YAML wants its own, and nothing follows from it: %s', (_title, text, place) => {
    expect(find(text)).toEqual([`TM026 ${place} a no-break space (U+00A0) is where YAML needs an ordinary space`]);
  });

  it.each([
    ['\u2009', 'an odd space (U+2009)'],
    ['\u200b', 'a zero-width space (U+200B)'],
    ['\u3000', 'an ideographic space (U+3000)'],
  ])('of every kind: %j', (blank, name) => {
    expect(find(flow(`  - action: log\n    config:${blank}{ message: hi }\n`))).toEqual([
      `TM026 4:12 ${name} is where YAML needs an ordinary space`,
    ]);
  });

  it.each([
    ['in a text', flow(`  - action: log\n    config: { message: "a${NBSP}b" }\n`)],
    ['at the ends of quotes', flow(`  - action: log\n    config: { message: "${NBSP}b${NBSP}" }\n`)],
    ['in a plain text', flow(`  - action: log\n    config:\n      message: a${NBSP}b\n`)],
    ['in a block', flow(`  - action: log\n    config:\n      message: |\n        a\n        ${NBSP}b${NBSP}\n`)],
    ['in a comment', flow(`  # a${NBSP}b${NBSP}\n  - action: log # c${NBSP}\n    config: { message: a }\n`)],
  ])('belong to it %s', (_title, text) => expect(find(text)).toEqual([]));
});

describe('reserved characters between brackets', () => {
  it.each([
    ['@user', 'YAML reserves `@`: an unquoted text cannot begin with it'],
    ['@.x', 'YAML reserves `@`: an unquoted text cannot begin with it'],
    ['`x`', 'YAML reserves the backtick: an unquoted text cannot begin with it'],
    ['%x', 'an unquoted text cannot begin with `%`'],
  ])('want quotes: %s', (value, message) => {
    const planned = planText(flow(`  - { action: log, config: { message: ${value}, level: info } }\n`));
    expect(findingsOf(planned)).toEqual([`TM015 3:39 ${message}`]);
    expect(planned.diagnostics[0]?.help).toEqual([
      `quote it: \`- { action: log, config: { message: ${JSON.stringify(value)}, level: info } }\``,
    ]);
  });
});

describe('keys that begin with `x-`', () => {
  const step = '  - { action: log, config: *c }\n';

  it.each([
    ['beside the keys of a flow', `x-common: &c { message: hi }\nname: x\nsteps:\n${step}`],
    ['beside `flow`', `x-common: &c { message: hi }\nflow:\n  name: x\n  steps:\n  ${step}`],
    ['below `flow`', `flow:\n  x-common: &c { message: hi }\n  name: x\n  steps:\n  ${step}`],
  ])('are the author’s own: %s', (_title, text) => {
    const planned = planText(text);
    expect(findingsOf(planned)).toEqual([]);
    expect(planned.flows[0]?.steps[0]?.authored).toEqual({ message: 'hi' });
  });

  it('are none of a step', () => {
    expect(find(flow('  - { x-note: a, action: log, config: { message: hi } }\n'))).toEqual([
      'TM101 3:7 unknown key `x-note` in a step',
    ]);
  });
});
