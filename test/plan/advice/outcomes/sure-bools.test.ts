import { describe, expect, it } from 'vitest';
import { planText } from '../../../support/plan-text.ts';

const CONFIGS = {
  command: 'command: [SET, k, b, NX]',
  set: 'key: k, value: b',
  del: 'key: k',
} as const;

function find(assertion: string, command: keyof typeof CONFIGS = 'command', later?: string): readonly string[] {
  const asked = JSON.stringify([assertion]);
  const own = later === undefined ? asked : '["1 == 1"]';
  const step = `{ id: c, action: redis.${command}, config: { url: "redis://h", ${CONFIGS[command]} }, assert: ${own} }`;
  const next = later === undefined ? '' : `  - { id: d, ${later.replace('ASKED', asked)} }\n`;
  const { diagnostics } = planText(`name: x\nsteps:\n  - ${step}\n${next}`);
  return diagnostics
    .filter(({ message }) => !message.includes('reads nothing'))
    .map(({ code, message, help = [] }) => [code, message, ...help].join(' | '));
}

const WHY = 'is always true: where the action fails, the step is errored';

describe('a key that is always true', () => {
  it.each([
    ['ok', 'command', 'compare what came back, as in `value != nil`'],
    ['ok == true', 'command', 'compare what came back, as in `value != nil`'],
    ['not ok', 'command', 'compare what came back, as in `value != nil`'],
    ['value == "OK" or ok', 'command', 'compare what came back, as in `value != nil`'],
    ['ok', 'del', 'compare what came back, as in `deleted == 1`'],
    ['ok', 'set', 'leave it out'],
  ] as const)('%s of redis.%s', (assertion, command, help) => {
    expect(find(assertion, command)).toEqual([`TM208 | \`ok\` ${WHY} | ${help}`]);
  });

  it('is asked for by an id', () => {
    const later = 'action: assert, config: { assertions: ASKED }';
    expect(find('c.ok', 'command', later)).toEqual([
      `TM208 | \`c.ok\` ${WHY} | compare what came back, as in \`c.value != nil\``,
    ]);
    expect(find('c.value == "OK"', 'command', later)).toEqual([]);
  });

  it('is asked for by a poll', () => {
    const poll = `{ action: poll, config: { until: ok, step: { action: redis.command, config: { url: "redis://h", command: [GET, k] } } } }`;
    const { diagnostics } = planText(`name: x\nsteps:\n  - ${poll}\n`);
    expect(diagnostics.map(({ message }) => message)).toContain(`\`ok\` ${WHY}`);
  });

  it.each(['value == "OK"', 'value != nil and json == nil'])('is none in %s', (assertion) => {
    expect(find(assertion)).toEqual([]);
  });
});
