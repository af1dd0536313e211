import { relative } from 'node:path';
import { countOf } from '../../util/count.ts';
import { KEYS } from './keys.ts';

const MOST_NAMED = 3;

/** Names files by their paths from the working directory: `users.csv, login.yaml and 2 more`. */
export function namePaths(paths: Iterable<string>, cwd: string): string {
  const all = [...paths].map((path) => relative(cwd, path) || '.').sort();
  const named = all.slice(0, MOST_NAMED).join(', ');
  return all.length > MOST_NAMED ? `${named} and ${all.length - MOST_NAMED} more` : named;
}

/** What is waited for, and what can be pressed meanwhile. */
export function describeWait({ flowFiles, files, step, path }: WaitAbout): string {
  const only = [
    ...(step === '' ? [] : [`only the step \`${step}\``]),
    ...(path === '' ? [] : [`only paths with \`${path}\``]),
  ];
  const what = `${countOf(flowFiles, 'flow file')} and what they read (${countOf(files, 'file')})`;
  return `watching ${[what, ...only].join(', ')}; ${KEYS}`;
}

export interface WaitAbout {
  readonly flowFiles: number;
  /** All that are followed. */
  readonly files: number;
  readonly step: string;
  readonly path: string;
}
