import type { StepPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import type { Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';

/** The environment that flows run in. */
export interface ChosenEnvironment {
  readonly name: string;
  /** Whether others work in it, so that what disturbs them has to be asked for by its name. */
  readonly isProtected: boolean;
}

/** What is about to be done in it. */
export interface Intent {
  /** The environment that may be disturbed. */
  readonly allowed: string | undefined;
  /** Absent for a load, which disturbs by itself. */
  readonly steps?: readonly StepPlan[];
  readonly terminal: Terminal;
}

/** @throws UsageError for what a protected environment does not take: load, faults, and whatever a coding agent starts */
export async function refuseProtected(
  environment: ChosenEnvironment | undefined,
  { allowed, steps, terminal }: Intent,
): Promise<void> {
  if (!environment?.isProtected || allowed === environment.name) return;
  const { name } = environment;
  const refuse = (what: string): UsageError =>
    new UsageError(`environment \`${name}\` is protected: ${what}`, [
      `\`--allow-protected ${name}\` lets it, where that is meant`,
    ]);
  if (!steps) throw refuse('it takes no load');
  const step = steps.find(({ action }) => action.traits?.isAlone);
  if (step) {
    const { file, start } = step.span;
    const place = `${file.path}:${positionAt(file, start).line}`;
    throw refuse(`\`${step.action.name}\` (${place}) changes what others in it stand on`);
  }
  if (await terminal.isOfAgent?.()) throw refuse('a coding agent started this');
}
