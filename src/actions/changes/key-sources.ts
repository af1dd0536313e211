import * as z from 'zod/mini';
import { ActionError } from '../../model/action/outcome.ts';
import type { OpenKeySource } from '../../model/load/reconcile.ts';
import { openRowKeys, rowKeySettings } from './row-keys.ts';
import { openTopicKeys, topicKeySettings } from './topic-keys.ts';

/** Opens what a load reconciles with. @throws ActionError */
export const openKeySource: OpenKeySource = async (kind, settings, world) =>
  kind === 'events'
    ? openTopicKeys(check(topicKeySettings, settings), world)
    : openRowKeys(check(rowKeySettings, settings), world);

/** @throws ActionError */
function check<T>(schema: z.ZodMiniType<T>, settings: unknown): T {
  const parsed = z.safeParse(schema, settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `\`${issue?.path.join('.')}\`: ${issue?.message}`;
  throw new ActionError({ kind: 'authoring', message, hints: [] });
}
