import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { ActionDefinition } from '../../../src/model/action/definition.ts';
import { anyValue } from '../../../src/model/settings.ts';
import { findingsOf, planText } from '../../support/plan-text.ts';

const watch: ActionDefinition = {
  name: 'watch',
  summary: 'Watches',
  settings: { schema: z.strictObject({ from: z.optional(anyValue()), until: z.optional(anyValue()) }) },
  control: { watches: true },
  result: { keys: {} },
  judges: true,
  traits: { isInternal: true },
  preparation: { settings: ['from'] },
  run: () => Promise.reject(new Error('it is only planned')),
};
const plan = (text: string) => findingsOf(planText(text, { actions: { watch } }));
const SET = (id: string, more = ''): string => `{ id: ${id}, action: set, config: { ${id}_id: "'${id}'" }${more} }`;

describe('keys that watch', () => {
  it.each([
    ['watch: { form: 1 }', 'TM101 2:10 unknown key `form` in `watch`'],
    ['watch: [1]', 'TM103 2:8 `watch`: expected a map, got a list'],
    ['watch:', 'TM103 2:1 `watch` is empty'],
    ['wach: {}', 'TM101 2:1 unknown key `wach` in a flow'],
    [
      'watch: { from: "{{one_id}}" }',
      'TM106 2:19 `one_id` is used before it is captured: step `one` (line 3) captures it',
    ],
    [
      'watch: { until: "{{end_id}}" }',
      'TM106 2:20 `end_id` is used before it is captured: step `end` (line 4) captures it',
    ],
    ['watch: { until: "{{nobody}}" }', 'TM104 2:20 unknown name `nobody`'],
  ])('are checked as settings are: %s', (line, finding) => {
    const steps = `steps: [ ${SET('one')} ]\nteardown: [ ${SET('end')}, { action: log, config: { message: "{{one_id}} {{end_id}}" } } ]`;
    expect(plan(`name: x\n${line}\n${steps}`)).toEqual([finding]);
  });

  it('may name what comes before them early, and what they watch late', () => {
    expect(
      plan(
        `name: x\nwatch: { from: "{{base_id}}", until: "{{one_id}}" }\nsetup: [ ${SET('base')} ]\nsteps: [ ${SET('one')} ]`,
      ),
    ).toEqual([]);
    expect(plan(`name: x\nsteps: [ ${SET('one', ', watch: { until: "{{one_id}}" }')} ]`)).toEqual([]);
    expect(plan(`name: x\nsteps: [ ${SET('one', ', watch: { from: "{{one_id}}" }')} ]`)).toEqual([
      'TM106 2:81 `one_id` is used before it is captured: step `one` (line 2) captures it',
    ]);
  });

  it('are no actions, and nothing where they are `false`', () => {
    expect(plan('name: x\nsteps: [ { action: watch, config: {} } ]')).toEqual(['TM105 2:20 unknown action `watch`']);
    const { flows } = planText(`name: x\nwatch: false\nsteps: [ ${SET('one')} ]`, { actions: { watch } });
    expect(flows[0]?.watches).toBeUndefined();
  });
});
