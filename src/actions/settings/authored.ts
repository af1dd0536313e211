import type { ActionResult } from '../../model/action/result.ts';
import type { Mention } from '../../model/action/settings.ts';

/** Whether a value as authored is a map. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of a map as authored, of which anything may be the value. */
export function describeKeys(authored: unknown): ActionResult['keys'] {
  return Object.fromEntries(Object.keys(isRecord(authored) ? authored : {}).map((key) => [key, 'any']));
}

/** What a setting names: a step by its id, or what testmesh.yaml has of the kind. */
export function mentionIn(setting: string, kind?: Mention['kind']): (authored: unknown) => readonly Mention[] {
  return (authored) => {
    const id = isRecord(authored) ? authored[setting] : undefined;
    return typeof id === 'string' && !hasPlaceholder(id) ? [{ id, kind, path: [setting] }] : [];
  };
}

/** Whether a value as authored, or a part of it, is known only in the run. */
export function isOpen(value: unknown): boolean {
  if (typeof value === 'string') return hasPlaceholder(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(isOpen);
}

/** Whether a text as authored holds a placeholder, so that its value is known only in the run. */
export function hasPlaceholder(text: string): boolean {
  return /\{\{|\$\{|<<\s*[A-Za-z_]/.test(text);
}
