import type { RunOutcome } from '../../engine/lifetimes/run-options.ts';
import { UsageError } from '../process/usage-error.ts';

/** Another place helps where writing failed; anything else is a mistake of the reporter. */
export function describeLoss({ name, message, cause, trace }: RunOutcome['unwritten'][number]): string {
  // What it says of itself is whole: it is no reporter, and has a flag of its own.
  if (name === 'history' && cause instanceof UsageError) return message;
  const loss = `the report of \`${name}\` is incomplete: ${message}`;
  return cause instanceof UsageError
    ? `${loss}; give it another place with \`--reporter ${name}=FILE\``
    : `${loss}; this is a bug in testmesh, not in your flow: please report it with the lines below\n${trace}`;
}
