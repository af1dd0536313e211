import { join, resolve } from 'node:path';
import type { FlowPlan } from '../../model/plan.ts';
import type { ChoiceFlags } from '../arguments/choice-flags.ts';
import { PROJECT_FILE, type Project } from '../arguments/find-project.ts';
import type { ValueFlags } from '../arguments/given-inputs.ts';
import { chooseNamed, chooseSuite } from './choose-named.ts';
import { chooseTagged } from './choose-tagged.ts';

/** The flows that all of the flags choose, in their order. @throws UsageError when a flag cannot be read, or no flow is left */
export async function chooseAsked(
  flows: readonly FlowPlan[],
  flags: ChoiceFlags & Pick<ValueFlags, 'envFile' | 'varFile'>,
  { cwd, project }: { cwd: string; project: Pick<Project, 'directory'> | undefined },
): Promise<readonly FlowPlan[]> {
  const named = chooseNamed(chooseSuite(chooseTagged(flows, flags.tags), flags.suite), flags);
  if (flags.onlyChanged === undefined) return named;
  const { chooseChanged } = await import('./choose-changed.ts');
  return chooseChanged(named, flags.onlyChanged, { cwd, readByAll: listSharedFiles(flags, { cwd, project }) });
}

/** The files that all flows read: testmesh.yaml, and what flags give values from; absolute. */
export function listSharedFiles(
  flags: Pick<ValueFlags, 'envFile' | 'varFile'>,
  { cwd, project }: { cwd: string; project: Pick<Project, 'directory'> | undefined },
): readonly string[] {
  const given = [...flags.envFile, ...flags.varFile].map((file) => resolve(cwd, file));
  return [...(project ? [join(project.directory, PROJECT_FILE)] : []), ...given];
}
