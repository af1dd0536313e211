import type { Paint } from '../../util/paint.ts';
import { wrapText } from '../../util/wrap-text.ts';
import { writeTable } from './explain-actions.ts';
import { FLOW_TOPICS } from './explain-flow.ts';
import { PROJECT_TOPICS } from './explain-project.ts';
import type { KeyDoc } from './key-doc.ts';

/** Keys that say more than a list of settings shows. */
const KEYS: Readonly<Record<string, KeyDoc>> = {
  ...FLOW_TOPICS,
  ...PROJECT_TOPICS,
  agree: {
    text: [
      'Everything that a flow sees of one thing has to say the same: what it sends and is answered, rows, messages. It stands in a flow, and in testmesh.yaml at the top for all flows or below `flow_settings` for one; the nearest counts.',
      '`auto` compares the things whose ids the flow captured or made up, `off` nothing; a map names things, each with its `id`, and if wanted the `fields` that are the same at any time and those that are none of it (`except`).',
      'A thing is known by its own `id` and by where it stands (`/orders`, a table `orders`, a key `order`), or by `order_id` in an event that is about orders; other `…_id` are compared as values. Fields of one name are compared by value, items by their parent and what they refer to. Under `auto` a field is compared among what was seen before the next request that names the thing; times of change, versions, and fields that two looks at one place show changing are not.',
      '`-vv` prints what was compared.',
    ],
    example: [
      'name: An order is placed',
      'agree: auto',
      'steps: …',
      '',
      'agree: { order: { id: "{{order_id}}", fields: [total, status, user_id] } }',
    ],
  },
};

/** Settings that are told of with what they stand in. */
const PARTS: Readonly<Record<string, string>> = {
  after: 'then',
  ...Object.fromEntries(['match', 'response', 'responses', 'sets'].map((word) => [word, 'routes'])),
};

export const keyNames: readonly string[] = [...Object.keys(KEYS), ...Object.keys(PARTS)];

/** What a key of flows means; undefined when there is nothing to say of it. */
export function describeKey(word: string, paint: Paint): string | undefined {
  const part = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
  if (part !== undefined) return `${paint.bold(word)} is a setting of \`${part}\`: see testmesh explain ${part}\n`;
  const doc = Object.hasOwn(KEYS, word) ? KEYS[word] : undefined;
  if (!doc) return undefined;
  const paragraphs = doc.text.flatMap((text) => ['', ...wrapText(text)]);
  const lines = [
    paint.bold(word),
    ...paragraphs,
    ...(doc.tables?.() ?? []).flatMap(([title, rows]) => writeTable(title, rows, paint)),
    '',
    paint.green('for example'),
    ...doc.example.map((line) => `  ${line}`.trimEnd()),
    ...(doc.more === undefined ? [] : ['', doc.more]),
  ];
  return `${lines.join('\n')}\n`;
}
