import type { Span } from '../../model/source-file.ts';
import type { Node } from '../../source/yaml/node.ts';
import { toData } from '../../source/yaml/node.ts';

type Path = readonly (string | number)[];

/** Data out of a file, with the place of each part. */
export interface PlainData {
  readonly data: unknown;
  /** The place of a part, or of the nearest around it. */
  spanAt(path: Path): Span;
  keyAt(path: Path): Span | undefined;
}

/** k6's spellings. */
const OTHER_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['startVUs', 'start_vus'],
  ['startRate', 'start_rate'],
  ['startTime', 'start_time'],
  ['maxRate', 'max_rate'],
  ['timeUnit', 'time_unit'],
  ['maxDuration', 'max_duration'],
  ['gracefulStop', 'graceful_stop'],
  ['gracefulRampDown', 'graceful_ramp_down'],
  ['preAllocatedVUs', 'pre_allocated_vus'],
  ['maxVUs', 'max_vus'],
  ['abortOnFail', 'abort_on_fail'],
  ['delayAbortEval', 'delay_abort_eval'],
  ['setupTimeout', 'setup_timeout'],
]);
/** What stands below these has names of the author's. */
const FREE = new Set(['env', 'tags']);

/** Reads a part of a file as data; keys that k6 writes otherwise are taken as ours. */
export function readPlain(node: Node): PlainData {
  const spans = new Map<string, Span>();
  const keys = new Map<string, Span>();
  const read = (part: Node, path: Path, isFree: boolean): unknown => {
    spans.set(JSON.stringify(path), part.span);
    if (part.kind === 'scalar') return toData(part);
    if (part.kind === 'seq') return part.items.map((item, index) => read(item, [...path, index], isFree));
    const data: Record<string, unknown> = Object.create(null);
    for (const { key, value } of part.entries) {
      const written = key.text.text;
      const name = isFree ? written : (OTHER_SPELLINGS.get(written) ?? written);
      const at = [...path, name];
      keys.set(JSON.stringify(at), key.span);
      data[name] = read(value, at, isFree || FREE.has(name));
    }
    return { ...data };
  };
  const data = read(node, [], false);
  return {
    data,
    keyAt: (path) => keys.get(JSON.stringify(path)),
    spanAt(path) {
      for (let length = path.length; length > 0; length--) {
        const span = spans.get(JSON.stringify(path.slice(0, length)));
        if (span) return span;
      }
      return node.span;
    },
  };
}
