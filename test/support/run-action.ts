import { safeParse } from 'zod/mini';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import type { ActionIo } from '../../src/model/action/io.ts';
import { ActionError, type ActionOutcome } from '../../src/model/action/outcome.ts';

/** Runs an action with settings as they are written. */
export async function runAction(
  action: ActionDefinition,
  settings: Readonly<Record<string, unknown>>,
  io: ActionIo,
): Promise<ActionOutcome> {
  const parsed = safeParse(action.settings.schema, settings);
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
