import { resolve } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { CODES } from '../../plan/read/findings.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { Project } from './find-project.ts';
import type { LoadedPlans } from './load-plans.ts';

/** Warns of ids below `flow_settings` that no flow has, where the flows of the whole project are known: what stands there counts for none. */
export function findUnknownFlowSettings(
  project: Pick<Project, 'directory' | 'flowSettings'> | undefined,
  { flows, diagnostics }: Pick<LoadedPlans, 'flows' | 'diagnostics'>,
  { paths, cwd }: { readonly paths: readonly string[]; readonly cwd: string },
): readonly Diagnostic[] {
  const isWhole = paths.some((path) => resolve(cwd, path) === project?.directory);
  const isUsual = paths.length === 0 && cwd === project?.directory;
  if (!(isWhole || isUsual) || diagnostics.some(({ severity }) => severity === 'error')) return [];
  const ids = new Set(flows.map(({ id }) => id));
  return [...(project?.flowSettings?.spans ?? [])].flatMap(([id, span]): readonly Diagnostic[] => {
    const near = findNearest(id, ids);
    // Some may keep flows beside those that run where no path is named.
    if (ids.has(id) || (near === undefined && !isWhole)) return [];
    const message = `\`flow_settings.${id}\` counts for no flow: none has this id`;
    const help =
      near === undefined
        ? `remove it, or write the \`id\` of a flow: there is ${listNames([...ids])}`
        : `did you mean \`${near}\`?`;
    return [{ severity: 'warning', code: CODES.unknownFlow, message, span, help: [help] }];
  });
}
