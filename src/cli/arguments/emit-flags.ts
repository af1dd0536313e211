import { InvalidArgumentError, Option } from 'commander';
import { withEnvironment } from './environment-forms.ts';

/** What is written for others to run, in the place of running it. */
export interface EmitFlags {
  readonly emit?: 'kubernetes' | undefined;
  /** Into how many parts the work is cut; in a pod `JOB_COMPLETION_INDEX` says which is its own. */
  readonly shards?: number | undefined;
  readonly image?: string | undefined;
  /** A claim of a volume that all pods mount. */
  readonly volume?: string | undefined;
}

/** `gain`: what a volume is good for. */
export function createEmitOptions(gain: string): Option[] {
  return [
    new Option('--emit <what>', 'write to standard output what runs it elsewhere, and run nothing').choices([
      'kubernetes',
    ]),
    new Option(
      '--shards <n>',
      'how many pods of `--emit` share the work; in a pod JOB_COMPLETION_INDEX says which part is its own',
    ).argParser(readShards),
    withEnvironment(new Option('--image <name>', 'of the pods; `testmesh:<version>` when absent')),
    withEnvironment(new Option('--volume <claim>', `a PersistentVolumeClaim that all pods mount: ${gain}`)),
  ];
}

function readShards(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 to 9999');
  return Number(text);
}
