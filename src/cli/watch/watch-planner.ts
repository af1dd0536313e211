import { statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { type PlannedRun, planRun } from '../commands/plan-run.ts';
import { withRunSettings } from '../commands/run-settings.ts';
import { listReportFiles } from '../output/refuse-input-files.ts';
import type { Terminal } from '../process/terminal.ts';
import { WatchPlan } from './watch-plan.ts';

/** A plan of what there is by now. */
export interface Planned {
  readonly planned: PlannedRun;
  readonly plan: WatchPlan;
  /** Whether something is wrong with a flow file, so that nothing of it can run. */
  isBroken(flowFile: string): boolean;
  /** With what testmesh.yaml says where they say nothing. */
  readonly flags: RunFlags;
}

/** Plans what the command names, again and again. */
export class WatchPlanner {
  readonly #terminal: Terminal;
  readonly #paths: readonly string[];
  #flags: RunFlags;
  #inputs: GivenInputs;
  #last: Planned | undefined;

  constructor(
    paths: readonly string[],
    flags: RunFlags,
    { inputs, terminal }: { inputs: GivenInputs; terminal: Terminal },
  ) {
    this.#terminal = terminal;
    this.#paths = paths;
    this.#flags = flags;
    this.#inputs = inputs;
  }

  /** The plan before; undefined until there was one. */
  get last(): Planned | undefined {
    return this.#last;
  }

  /** Reads and plans all again. What is given from outside is read anew only where one of its files changed: secrets come from commands, too. */
  async plan(changed: ReadonlySet<string>, step: string): Promise<Planned> {
    const terminal = this.#terminal;
    const isRead = this.#last?.plan.areInputsTouched(changed) ?? false;
    const inputs = isRead ? readGivenInputs(this.#flags, terminal) : this.#inputs;
    const own = step === '' ? this.#flags : { ...this.#flags, only: [step] };
    const planned = await planRun(this.#paths, own, { inputs, terminal });
    const flags = withRunSettings(own, planned.project, terminal.cwd);
    const plan = new WatchPlan(planned, flags, { cwd: terminal.cwd, paths: this.#paths });
    // These choose by what was before the session: from now on its own changes and outcomes count.
    this.#flags = { ...this.#flags, lastFailed: false, onlyChanged: undefined };
    this.#inputs = { ...planned.inputs, sharedNames: undefined };
    const errors = planned.diagnostics.filter(({ severity }) => severity === 'error');
    const isBroken = (file: string): boolean =>
      errors.some(({ span }) => span !== undefined && plan.isOf(new Set([file]), span.file.absolutePath));
    this.#last = { planned, plan, flags, isBroken };
    return this.#last;
  }

  /** The files that are read, links resolved, but for those that a run writes. */
  listFollowed({ plan }: Planned): readonly string[] {
    return [...plan.listFiles()].filter((file) => !this.#isWritten(file));
  }

  /** Whether a file of which no plan knows may be one of a flow: no run writes it, and it may hold one, or is named. */
  mayMatter(path: string): boolean {
    if (this.#isWritten(path)) return false;
    if (/\.ya?ml$/i.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return true;
    return (this.#last?.plan.listTouched(new Set([path])) ?? []).length > 0;
  }

  #isWritten(path: string): boolean {
    const { reporter, outputDir } = this.#last?.flags ?? this.#flags;
    const written = [outputDir, ...listReportFiles(reporter).map(({ file }) => file)];
    return written
      .map((file) => resolve(this.#terminal.cwd, file))
      .some((own) => `${path}${sep}`.startsWith(`${own}${sep}`));
  }
}
