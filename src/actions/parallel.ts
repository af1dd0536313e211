import * as z from 'zod/mini';
import type { ChildStep } from '../model/action/children.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { ActionIo } from '../model/action/io.ts';
import type { SequenceOutcome } from '../model/action/outcome.ts';
import { isBad } from '../model/events.ts';
import { anyValue } from '../model/settings.ts';
import { Stop } from '../stop/stop.ts';
import { stoppedByControl } from '../stop/stop-error.ts';
import { describeIdle, isIdle } from './controls/idle.ts';
import { runLimited } from './controls/run-limited.ts';

const settings = z.strictObject({
  branches: z.optional(
    z.array(z.strictObject({ name: z.optional(z.string()), steps: z.optional(anyValue()) })).check(z.minLength(1)),
  ),
  steps: z.optional(anyValue()),
  max_concurrent: z.optional(z.int().check(z.gte(1))),
  fail_fast: z.optional(z.boolean()),
});
type ParallelSettings = z.output<typeof settings>;

/** Runs lists of steps at the same time. */
export const parallel: ActionDefinition<ParallelSettings> = {
  name: 'parallel',
  summary: 'Runs branches of steps at the same time',
  settings: { schema: settings, verbatim: ['branches[].name'] },
  control: { steps: ['branches[].steps[]?', 'steps[]?'], branches: 'together' },
  result: { keys: { branches: 'array' }, captured: 'branches' },
  judges: true,
  async run(config, io) {
    const branches = listBranches(config, io.children.list);
    const outcomes = await runBranches(branches, config, io);
    if (isIdle(outcomes)) io.report.note(describeIdle('nothing was checked'));
    return {
      result: {
        branches: branches.map(({ name }, index) => {
          const { outcome, captures } = outcomes[index] ?? { outcome: 'skipped', captures: {} };
          return { name, outcome, captures };
        }),
      },
      summary: describeBranches(outcomes, branches.length),
    };
  },
};

/** `1 of 2 branches failed, 1 stopped`. */
function describeBranches(outcomes: readonly (SequenceOutcome | undefined)[], total: number): string {
  const count = `${total} ${total === 1 ? 'branch' : 'branches'}`;
  const stopped = outcomes.filter((outcome) => outcome?.isStopped === true).length;
  const failed = outcomes.filter((one) => one && isBad(one.outcome)).length - stopped;
  if (failed === 0 && stopped === 0) return count;
  return `${failed} of ${count} failed${stopped > 0 ? `, ${stopped} stopped` : ''}`;
}

interface Branch {
  readonly name: string;
  readonly steps: readonly ChildStep[];
}

/** The branches in the order written; of a plain list each step is one. */
function listBranches({ branches }: ParallelSettings, children: readonly ChildStep[]): readonly Branch[] {
  if (!branches) return children.map((child) => ({ name: child.id, steps: [child] }));
  return branches.map(({ name = '' }, index) => {
    const steps = children.filter(({ group }) => group === `branches[${index}].steps`);
    return { name: name.trim() || `branch_${index + 1}`, steps };
  });
}

async function runBranches(
  branches: readonly Branch[],
  { max_concurrent: limit = branches.length, fail_fast: isFailFast = false }: ParallelSettings,
  io: ActionIo,
): Promise<readonly (SequenceOutcome | undefined)[]> {
  const outcomes: (SequenceOutcome | undefined)[] = [];
  const others = new Stop(io.stop);
  let hasFailed = false;
  let isCut = false;
  await runLimited({
    count: branches.length,
    limit,
    isOver: () => false,
    async run(index) {
      const branch = branches[index];
      if (!branch) return;
      const isStopped = hasFailed;
      const outcome = await io.children.runSteps(branch.steps, {
        stop: others,
        ...((isStopped || isCut) && { skip: { kind: 'not_reached', reason: 'not reached' } }),
      });
      outcomes[index] = outcome;
      if (isBad(outcome.outcome) && isFailFast && !isStopped) {
        hasFailed = true;
        others.end(stoppedByControl(`branch \`${branch.name}\` failed`));
      } else isCut ||= outcome.isCut && !hasFailed;
    },
  });
  return outcomes;
}
