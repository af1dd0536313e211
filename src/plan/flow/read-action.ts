import * as z from 'zod/mini';
import type { ActionDefinition, ActionTable } from '../../model/action/definition.ts';
import type { MapNode } from '../../source/yaml/node.ts';
import { findEntry } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import {
  explainOtherStepKey,
  findTwinAction,
  isOtherAction,
  suggestForOtherAction,
  suggestUntilLater,
} from '../foreign/words.ts';
import { isSynthetic } from '../lower/synthetic.ts';
import { WAIT_WORDS } from '../lower/wait-source.ts';
import type { PlanContext } from '../read/context.ts';
import { readText } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import type { Fields, Meaning } from '../read/keys.ts';
import { listKeys } from '../read/schema-keys.ts';

/** Stands for an action that is not known: nothing is said of its settings and its result. */
export const UNKNOWN_ACTION: ActionDefinition = {
  name: 'unknown',
  summary: '',
  settings: { schema: z.unknown() },
  result: { keys: {} },
  judges: true,
  run: () => Promise.resolve({ result: {}, summary: '' }),
};

/** The action that a step names; undefined when it names none that there is (the finding is reported). */
export function readAction(node: MapNode, fields: Fields, context: PlanContext): ActionDefinition | undefined {
  const { findings, actions } = context;
  const field = fields.get('action');
  if (!field) {
    if (fields.misspelt.has('action')) return undefined;
    const empty = fields.empty.get('action');
    const span = empty ?? node.entries[0]?.key.span ?? node.span;
    const message = empty ? '`action` is empty' : 'a step needs `action`';
    findings.error(CODES.missingKey, message, span, [`actions are ${listActions(actions)}`]);
    return undefined;
  }
  const name = readText(field, findings);
  if (name === undefined) return undefined;
  const action = actions.get(name);
  if (action && (!action.traits?.isInternal || isSynthetic(field.value))) return action;
  const { span } = field.value;
  const later = suggestUntilLater(name);
  if (later !== undefined) {
    const message = `\`${name}\` is not in this version: it comes with a later one`;
    findings.errorOnce(CODES.notInThisVersion, message, span, [later]);
    return undefined;
  }
  const nearest = isOtherAction(name) ? undefined : findNearest(name, listWords(actions));
  const other = nearest ? `did you mean \`${nearest}\`?` : suggestForOtherAction(name);
  const help = other ?? `actions are ${listActions(actions)}`;
  findings.errorOnce(CODES.unknownAction, `unknown action \`${name}\``, span, [help]);
  return undefined;
}

/** The keys that an action's settings have at their top, other spellings too. */
export function listSettings({ settings }: ActionDefinition): ReadonlySet<string> {
  return new Set([...listKeys(settings.schema, []), ...Object.keys(settings.aliases ?? {})]);
}

/** Explains keys that a step does not have: an action's name as a key, and settings that belong below `config`. */
export function explainStepKey(node: MapNode, context: PlanContext): (word: string) => Meaning | undefined {
  const named = findEntry(node, 'action')?.value;
  const action = named?.kind === 'scalar' ? context.actions.get(named.text.text) : undefined;
  return (word) => {
    if (action && listSettings(action).has(word))
      return { help: `it is a setting of \`${action.name}\`: write it below \`config:\`` };
    const other = explainOtherStepKey(word);
    // `if: "{{DEBUG}}"` is a condition, `if: {condition: …}` the action.
    const isText = other !== undefined && findEntry(node, word)?.value.kind === 'scalar';
    const called = context.actions.has(word) ? word : findTwinAction(word);
    if (!named && !isText && called !== undefined)
      return { help: `write \`action: ${called}\`, and its settings below \`config:\``, insteadOf: 'action' };
    if (other || named) return other;
    const owners = new Set(
      [...context.actions.values()].filter((one) => !one.traits?.isInternal && listSettings(one).has(word)),
    );
    const names = listNames(
      [...owners].map(({ name }) => name),
      3,
    );
    const help = `it is a setting of ${names}: name the action, and write \`${word}\` below \`config:\``;
    return owners.size > 0 ? { help, insteadOf: 'action' } : undefined;
  };
}

function listActions(actions: ActionTable): string {
  const words = [...actions.values()].filter((action) => !action.traits?.isInternal).map((action) => action.name);
  return listNames([...new Set(words)], 40);
}

/** The words that a step may name. */
function listWords(actions: ActionTable): readonly string[] {
  const words = [...actions].filter(([, action]) => !action.traits?.isInternal).map(([word]) => word);
  return [...words, ...WAIT_WORDS];
}
