import { relative, resolve } from 'node:path';
import type { Project } from '../arguments/find-project.ts';
import type { RunFlags } from '../arguments/flags.ts';

/** The flags of a run, with what testmesh.yaml says where they say nothing; its files are relative to its folder. */
export function withRunSettings(flags: RunFlags, project: Project | undefined, cwd: string): RunFlags {
  const { workers, reporters = [] } = project?.runSettings ?? {};
  const { directory = cwd } = project ?? {};
  const place = (text: string): string => {
    const [name, file] = text.split(/=(.*)/s);
    return file === undefined ? text : `${name}=${relative(cwd, resolve(directory, file))}`;
  };
  return {
    ...flags,
    workers: flags.workers ?? workers,
    reporter: flags.reporter.length > 0 ? flags.reporter : reporters.map(place),
  };
}
