import type { ConfigFinding } from '../../model/action/settings.ts';
import { isRecord } from './authored.ts';

/** Settings that only a map satisfies. */
const CONTENTS: ReadonlySet<string> = new Set(['body', 'value', 'key']);

interface EmptyMatch {
  /** Where the settings that match stand. */
  readonly at: ConfigFinding['path'];
  readonly code: string;
  readonly noun: string;
}

/** Warns of a part of a match that is a map without fields: whatever has such a part satisfies it. */
export function checkEmptyMatch(
  authored: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  { at, code, noun }: EmptyMatch,
): readonly ConfigFinding[] {
  return keys.flatMap((key) => {
    const path = findEmpty(authored[key], [key]);
    if (!path) return [];
    const [name = '', ...below] = path;
    const shown = [name, ...below].join('.');
    const takes = below.length > 0 || CONTENTS.has(key) ? 'any map' : `every ${noun}`;
    const message = `\`${shown}: {}\` takes ${takes}: nothing is compared there`;
    const help = ['write the fields that it has to have, or leave it out'];
    return [{ severity: 'warning', code, path: [...at, ...path], message, help }];
  });
}

/** The path of the first map without fields. */
function findEmpty(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 0) return path;
  for (const [key, item] of entries) {
    const found = findEmpty(item, [...path, key]);
    if (found) return found;
  }
  return undefined;
}
