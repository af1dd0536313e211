import { safeParse } from 'zod/mini';
import { type ActionDefinition, ActionError, type ActionIo, type ActionOutcome } from '../../src/model/action.ts';

/** Runs an action with settings as they are written. */
export async function runAction(
  action: ActionDefinition,
  settings: Readonly<Record<string, unknown>>,
  io: ActionIo,
): Promise<ActionOutcome> {
  const parsed = safeParse(action.config, settings);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  return action.run(parsed.data, io);
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
