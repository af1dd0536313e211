import type { ActionResult } from '../../model/action/result.ts';
import type { ConfigFinding, Mention } from '../../model/action/settings.ts';

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

const GIVEN_BY = /^\{\{\s*(stubs|proxies)(?:\.(\w+)|\["([\w -]+)"\])(?:\.\w+)?\s*\}\}$/;

/** A setting that is to be a name and was written as what is given by it: `server: "{{stubs.users.url}}"`. */
export function checkName(authored: unknown, setting: string, code: string): readonly ConfigFinding[] {
  const given = isRecord(authored) ? authored[setting] : undefined;
  const [, root = '', plain, quoted] = (typeof given === 'string' && GIVEN_BY.exec(given)) || [];
  const name = plain ?? quoted;
  if (name === undefined) return [];
  const noun = root === 'stubs' ? 'a stub' : 'a proxy';
  const message = `\`${setting}\` is the name of ${noun}, and not what \`${root}\` gives of it`;
  return [{ severity: 'error', code, path: [setting], message, help: [`write \`${setting}: ${name}\``] }];
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
