import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function warningsOf(tags: string) {
  const { diagnostics } = planText(`name: x\ntags: ${tags}\nsteps: [{ action: log, config: { message: a } }]\n`);
  return diagnostics.map(
    ({ severity, message, span, help = [] }) =>
      `${severity} ${span?.file.text.slice(span.start, span.end)}: ${message} = ${help.join()}`,
  );
}

describe('the tags of a flow', () => {
  it.each([
    ['[smoke, a b]', 'a b', '`[a, b]`, or `a-b`'],
    ['smoke slow', 'smoke slow', '`[smoke, slow]`, or `smoke-slow`'],
    ['[and]', 'and', undefined],
    ['[not]', 'not', undefined],
    ['["@smoke"]', '@smoke', '`[smoke]`'],
    ['["a,b"]', 'a,b', '`[a, b]`, or `a-b`'],
  ])('%s has one that nobody can ask for', (tags, tag, write) => {
    const [found, ...others] = warningsOf(tags);
    expect(found?.replaceAll('"', '')).toBe(
      `warning ${tag}: \`--tags\` cannot name the tag \`${tag}\`: a tag is one word, and not \`and\`, \`or\` or \`not\` = ${write ? `write ${write}` : ''}`,
    );
    expect(others).toEqual([]);
  });

  it.each(['[smoke, slow]', 'order:slow/db', '[smoke-test, v1.2, android]'])('%s are words', (tags) => {
    expect(warningsOf(tags)).toEqual([]);
  });
});
