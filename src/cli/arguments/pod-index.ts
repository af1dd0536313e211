import { UsageError } from '../process/usage-error.ts';
import type { EmitFlags } from './emit-flags.ts';

/** Which of the pods of an Indexed Job one is, from 0. */
const INDEX = 'JOB_COMPLETION_INDEX';

/** What says the part without pods. */
export interface OwnPart {
  readonly flag: string;
  readonly isGiven: boolean;
}

/** Which of `--shards` this process is, from 0; undefined where it is none of several. @throws UsageError where nothing says it */
export function readPodIndex(
  { shards, image, volume }: EmitFlags,
  env: Readonly<Record<string, string | undefined>>,
  own: OwnPart,
): number | undefined {
  if (image !== undefined || volume !== undefined)
    throw new UsageError('`--image` and `--volume` are of pods', ['give `--emit kubernetes` as well']);
  if (shards === undefined) return undefined;
  if (own.isGiven)
    throw new UsageError(`\`--shards\` and \`${own.flag}\` both say which part is run`, ['leave one of them out']);
  const index = env[INDEX];
  if (/^\d{1,4}$/.test(index ?? '') && Number(index) < shards) return Number(index);
  const got = index === undefined ? 'it is not set' : `it is \`${index}\``;
  throw new UsageError(`--shards ${shards}: ${INDEX} says which of them this is, from 0 to ${shards - 1}, and ${got}`, [
    `a Job of Kubernetes sets it: \`--emit kubernetes\` writes one; elsewhere, give \`${own.flag}\``,
  ]);
}
