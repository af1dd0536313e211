import { safeParse } from 'zod/mini';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import type { ActionIo } from '../../src/model/action/io.ts';
import { ActionError, type ActionOutcome } from '../../src/model/action/outcome.ts';
import { checkResult } from './result-kinds.ts';

/** Runs an action with settings as they are written; its result has to be what the action's fields say. */
export async function runAction(
  action: ActionDefinition,
  settings: Readonly<Record<string, unknown>>,
  io: ActionIo,
): Promise<ActionOutcome> {
  const parsed = safeParse(action.settings.schema, settings);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  const outcome = await action.run(parsed.data, io);
  checkResult(action, settings, outcome.result);
  return outcome;
}

/** Runs an action that has to end with an ActionError, and gives it. */
export async function failAction(
  action: ActionDefinition,
  settings: Readonly<Record<string, unknown>>,
  io: ActionIo,
): Promise<ActionError> {
  const error = await runAction(action, settings, io).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ActionError) return error;
  throw new Error(`expected an ActionError, got ${String(error)}`, { cause: error });
}
