import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

describe('think', () => {
  it.each([
    ['1', '`think`: expected a duration with its unit, got the bare number 1'],
    ['{ min: 1, max: 2 }', '`min` of `think`: expected a duration with its unit, got the bare number 1'],
    ['"abc"', '`think`: expected a duration'],
    ['"-1s"', '`think`: expected a duration'],
    ['[]', '`think`: expected'],
    ['true', '`think`: expected'],
    ['{ min: 1s }', '`think` needs `max`'],
  ])('%s is a mistake at its line, and what else is wrong is told too', (think, message) => {
    const planned = planText(
      `name: x\nsteps:\n  - action: log\n    think: ${think}\n    config: { message: m }\n    bogus: 1\n`,
    );
    const findings = findingsOf(planned).map(String);
    expect(findings.join('\n')).toContain(message);
    expect(findings.join('\n')).toContain('bogus');
    expect(planned.diagnostics.filter(({ code }) => code === 'TM103' || code === 'TM102').length).toBeGreaterThan(0);
  });
});
