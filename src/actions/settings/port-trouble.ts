import { pid } from 'node:process';
import { findPortHolder } from '../../drivers/port-holder.ts';
import { ActionError } from '../../model/action/outcome.ts';

/** Why a port cannot be listened on; undefined when that is not what the error is about. `help` says how to choose another. */
export function describePortTrouble(error: unknown, port: number, help: string): ActionError | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES')
    return createError(code, `listening on the port ${port} is not permitted: ports below 1024 are for root`);
  if (code === 'EMFILE' || code === 'ENFILE')
    return createError(code, 'no port can be listened on: too many files are open', 'raise the limit: `ulimit -n`');
  if (code !== 'EADDRINUSE') return undefined;
  const holder = findPortHolder(port);
  if (holder?.pid === pid) {
    const hint = `${help}; flows that share a port get the same \`serial:\``;
    return createError(code, `the port ${port} is in use by another step of this run`, hint);
  }
  const by = holder === undefined ? '' : ` by ${holder.command} (pid ${holder.pid})`;
  return createError(code, `the port ${port} is in use${by}`);

  function createError(errorCode: string, message: string, hint = help): ActionError {
    return new ActionError({ kind: 'connection', code: errorCode, message, hints: [hint] }, { cause: error });
  }
}

/** How a step gets another port. */
export function leaveOut(setting: string): string {
  return `leave ${setting} out to get a free one: the step gives its address`;
}
