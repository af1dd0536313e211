import { isMap, readKey, type Value } from '../../expr/index.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { ConfigFinding } from '../../model/action/settings.ts';
import { isOpen } from '../settings/authored.ts';

/** Where a message lies. */
export interface MessagePlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Where a message that a wait gave lies; undefined of anything else. */
export function findPlace(message: unknown): MessagePlace | undefined {
  const map = message as Value;
  const part = (name: string): Value => (isMap(map) ? (readKey(map, name) ?? null) : null);
  const [topic, partition, offset] = [part('topic'), part('partition'), String(part('offset'))];
  if (typeof topic !== 'string' || !Number.isInteger(partition) || !/^\d+$/.test(offset)) return undefined;
  return { topic, partition: Number(partition), offset: BigInt(offset) };
}

/** The same, of the setting with this name. @throws ActionError when it is not such a message */
export function readPlace(message: unknown, setting: string): MessagePlace {
  const place = findPlace(message);
  if (place) return place;
  const { message: words, help: hints } = describeNoPlace(setting);
  throw new ActionError({ kind: 'authoring', code: 'TM334', message: words, hints });
}

/** Says of a setting as authored that it is no message of a wait. */
export function checkPlace(authored: unknown, path: readonly [string, ...string[]]): readonly ConfigFinding[] {
  if (authored === undefined || isOpen(authored) || findPlace(authored)) return [];
  return [{ severity: 'error', code: 'TM334', path, ...describeNoPlace(path.join('.')) }];
}

/** What is said of a setting that is not such a message. */
function describeNoPlace(setting: string): { readonly message: string; readonly help: readonly string[] } {
  const name = setting.split('.').at(-1);
  return {
    message: `\`${setting}\`: expected a message that a wait gave, with its topic, partition and offset`,
    help: [`for example \`${name}: "{{placed.message}}"\` after a \`kafka_consumer\` with the id \`placed\``],
  };
}
