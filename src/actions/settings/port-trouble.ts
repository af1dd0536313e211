import { findPortHolder } from '../../drivers/port-holder.ts';
import { ActionError } from '../../model/action/outcome.ts';

/** Why a port cannot be listened on; undefined when that is not what the error is about. `setting` is the one that names it. */
export function describePortTrouble(error: unknown, port: number, setting: string): ActionError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES')
    return createError(code, `the port ${port} may not be listened on: ports below 1024 are for root`);
  if (code !== 'EADDRINUSE') return undefined;
  const holder = findPortHolder(port);
  const by = holder === undefined ? '' : ` by ${holder}`;
  return createError(code, `the port ${port} is in use${by}`);

  function createError(errorCode: string, message: string): ActionError {
    const hints = [`leave ${setting} out to get a free one: the step gives its address`];
    return new ActionError({ kind: 'connection', code: errorCode, message, hints }, { cause: error });
  }
}
