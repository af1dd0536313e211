import { followPath } from '../../model/missing-value.ts';
import { countOf } from '../../util/count.ts';
import { whereOf } from './attribution.ts';
import type { MessageEffect, SeenEffect } from './effect.ts';
import type { EffectsSettings } from './effects-settings.ts';

/** Says of messages that count for others' what `where` looks at and they do not have: a key, a header, a value. */
export function describeBlind(where: EffectsSettings['where'], seen: readonly SeenEffect[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { effect, standing } of seen) {
    if (standing !== 'of_others' || effect.thing !== 'message') continue;
    const part = findMissing(where, effect);
    if (part === undefined) continue;
    const text = `${part}\n${effect.place}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => {
    const [part, topic] = text.split('\n');
    const [have, they] = count === 1 ? ['has', 'it counts'] : ['have', 'they count'];
    return `\`where\` looks at \`${part}\`, and ${countOf(count, 'message')} on \`${topic}\` ${have} none: ${they} as caused by others`;
  });
}

function findMissing(where: EffectsSettings['where'], { place, message }: MessageEffect): string | undefined {
  for (const { name, path } of whereOf(where, place)?.expression.names ?? []) {
    const [part, ...rest] = name === 'record' ? ['value', ...path] : path;
    if (name !== 'record' && name !== 'message') continue;
    // Of values each has its own keys; of these alone it is known that they are meant.
    if (part === 'key' && message['key'] === null) return 'message.key';
    if (part === 'value' && message['value'] === null) return name === 'record' ? 'record' : 'message.value';
    const [header] = part === 'headers' ? rest : [];
    if (header !== undefined && followPath(message, ['headers', header]) === undefined)
      return `message.headers[${JSON.stringify(header)}]`;
  }
  return undefined;
}
