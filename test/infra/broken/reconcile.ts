import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DefectName } from '../../../demo-services/shared/defects.ts';
import type { Stack } from '../../../demo-services/stack/stack.ts';
import type { LoadSummary, ReconcilePlaceSummary } from '../../../src/load/metrics/load-summary.ts';
import { projectPath, runCli, shareVars, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';
import { findStack } from './broken-stack.ts';
import { mend, plant } from './plant.ts';

const timeout = 120_000;
const example = projectPath('examples/32-orders-reconciled-after-a-load.yaml');
/** Each shows with the 250th order. */
const iterations = '260';

type Counted = 'lost' | 'duplicated' | 'unexpected';
const rare: readonly (readonly [DefectName, ReconcilePlaceSummary['kind'], Counted])[] = [
  ['order_event_lost_at_times', 'events', 'lost'],
  ['order_event_twice_at_times', 'events', 'duplicated'],
  ['order_stored_twice_at_times', 'rows', 'unexpected'],
];

describeWithStack('a defect that shows once in hundreds of orders', () => {
  const workspace = useWorkspace();
  let stack: Stack;

  beforeAll(async () => {
    stack = findStack();
    await mend(stack);
  }, timeout);
  afterAll(async () => {
    await plant(stack, undefined);
  }, timeout);

  test.each(rare)('%s is found, with the id', { timeout }, async (name, kind, counted) => {
    await plant(stack, name);
    const words = ['load', example, '-u', '4', '-i', iterations, '--summary-export', 's.json'];
    const ended = await runCli([...words, '-q'], { cwd: workspace.path, env: shareVars(stack.vars) });
    expect(ended.code, ended.output).toBe(99);
    const { reconcile } = JSON.parse(workspace.read('s.json')) as LoadSummary;
    const none = { lost: 0, duplicated: 0, unexpected: 0 };
    expect(reconcile?.places.map((place) => ({ kind: place.kind, ...pick(place) }))).toEqual(
      (['events', 'rows'] as const).map((one) => ({ kind: one, ...none, ...(one === kind && { [counted]: 1 }) })),
    );
    const [id] = reconcile?.places.find((place) => place.kind === kind)?.[`${counted}Keys`] ?? [];
    expect(ended.stdout).toContain(`${counted}: ${id}`);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });
});

function pick({ lost, duplicated, unexpected }: ReconcilePlaceSummary): Record<Counted, number> {
  return { lost, duplicated, unexpected };
}
