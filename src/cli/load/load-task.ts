import type { LoadParts } from '../../load/run/load-run.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { UsageError } from '../process/usage-error.ts';
import { readSetupFile } from './setup-file.ts';

/** What is run of a load here: all of it, or its setup or teardown alone. */
export interface LoadTask {
  readonly kind: 'load' | 'setup' | 'teardown';
  /** Where its flows are. */
  readonly paths: readonly string[];
  /** What setup left, to be written or read. */
  readonly setupData?: string | undefined;
}

/** @throws UsageError */
export function readTask(paths: readonly string[], { setupData, setup }: LoadFlags): LoadTask {
  const [first, ...rest] = paths;
  if (first !== 'setup' && first !== 'teardown') {
    if (setupData !== undefined && !setup)
      throw new UsageError('`--setup-data` is what setup left, and `--no-setup` says that there is none', [
        'leave one of them out',
      ]);
    return { kind: 'load', paths, setupData };
  }
  if (setupData === undefined)
    throw new UsageError(`load ${first}: nothing says where what setup leaves is kept`, [
      `give a file, for example \`testmesh load ${first} flow.yaml --setup-data setup.json\``,
    ]);
  return { kind: first, paths: rest, setupData };
}

/** Which parts of the load run here. @throws UsageError when what setup left is not there */
export function toParts(
  { kind, setupData }: LoadTask,
  { plan, flags, cwd }: { plan: LoadPlan; flags: LoadFlags; cwd: string },
): LoadParts {
  const { setup, teardown } = flags;
  if (kind === 'setup') return { setup: true, scenarios: false, teardown: teardown ? 'after_failure' : false };
  if (setupData === undefined) return { setup, scenarios: true, teardown };
  const left = { setups: readSetupFile(setupData, plan, cwd) };
  return { setup: left, scenarios: kind === 'load', teardown: kind === 'teardown' };
}

/** What is to be known of it before it begins. */
export function describeTask({ kind, setupData }: LoadTask, { scenarios }: LoadPlan): readonly string[] {
  if (kind !== 'load' || setupData === undefined) return [];
  const hasTeardown = scenarios.some(({ flow }) => flow.teardown.length > 0);
  const teardown = hasTeardown ? ', and teardown is left to `testmesh load teardown`' : '';
  return [`setup does not run: ${setupData} says what it made${teardown}`];
}
