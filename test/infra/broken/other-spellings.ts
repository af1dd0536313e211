import { beforeAll, expect, test } from 'vitest';
import type { DefectName } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import { type CliEnd, expectNoCrash, giveVars, projectPath, runCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 120_000;
const flows = ['user', 'order', 'publish', 'texts'] as const;

/** The defect, the flow that claims what is broken, its step that does, and what is reported. */
const claims: readonly [DefectName, (typeof flows)[number], string, RegExp][] = [
  ['user_status_200', 'user', 'create_user', /`\{\{status\}\} == \{\{EXPECTED_STATUS\}\}` is false/],
  ['user_event_missing', 'user', 'user_created', /expected 1 message on `user\.created` that matches, got none/],
  ['user_not_committed', 'user', 'user_in_db', /not within 3 s/],
  ['welcome_missing', 'user', 'greeted', /not within 3 s/],
  ['notification_text_wrong', 'publish', 'right', /endsWith 'for 12\.5 has been placed'` is false/],
  ['notification_twice', 'publish', 'stored', /not within 3 s .*`row_count == 1` is false/],
  ['order_total_wrong', 'order', 'place', /`\{\{body\.total\}\} == \{\{PRICE\}\} \* \{\{QUANTITY\}\}` is false/],
  ['order_event_missing', 'order', 'announced', /expected 1 message on `order\.placed` that matches, got none/],
  ['order_event_price_of_one', 'order', 'announced', /items\[0\]\.price/],
  ['order_total_not_stored', 'order', 'stored', /not within 3 s/],
  ['inventory_not_lowered', 'order', 'lowered', /not within 3 s/],
  ['product_price_rounded', 'texts', 'create', /'\{\{body\.price\}\}' == '\{\{PRICE\}\}'` is false/],
];

describeWithStack('flows in the spellings of other tools', () => {
  const workspace = useWorkspace();
  let stack: Stack;
  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);

  const run = (flow: string, more: Record<string, string> = {}): Promise<CliEnd> => {
    const port = new URL(stack.urls.product).port;
    const vars = giveVars({ ...stack.vars, PRODUCT_PORT: port, ...more });
    return runCli(['run', projectPath(`test/infra/broken/other-spellings/${flow}.yaml`), ...vars], {
      cwd: workspace.path,
    });
  };

  test.each(flows)('%s is green when all is well, again and again', { timeout }, async (flow) => {
    for (let time = 0; time < 2; time++) {
      const ended = await run(flow);
      expect(ended.code, ended.output).toBe(0);
      expect(ended.stderr).not.toContain('error[');
    }
  });

  test.each(claims)('%s: %s fails at %s', { timeout }, async (defect, flow, step, says) => {
    await plant(stack, defect);
    const ended = await run(flow, flow === 'texts' ? {} : { WAIT: '3s' });
    expect(ended.code, ended.output).toBe(1);
    expect(ended.stdout).toMatch(new RegExp(`✗ ${step}\\b`));
    expect(ended.stdout.slice(ended.stdout.indexOf('✗ failed in'))).toMatch(new RegExp(`\\b${step}\\b`));
    expect(ended.stdout).toMatch(says);
    expectNoCrash(ended);
  });
});
