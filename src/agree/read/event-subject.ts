import { isMap, readKey, type Value, type ValueMap } from '../../expr/index.ts';
import type { KafkaMessage } from '../../model/exchange.ts';
import { foldName } from '../words/field-name.ts';
import { joinType, splitWords } from '../words/type-name.ts';
import type { Bearing } from './look.ts';

/** What an event is about, by its type and topic. */
export interface Subject {
  /** `com.shop.order.placed` is about `order`, or `shop_order`. */
  readonly types: readonly string[];
  /** All words of type and topic. */
  readonly words: readonly string[];
  readonly bearing: Bearing;
}

const NAMES_TYPE = ['eventtype', 'event', 'eventname', 'messagetype', 'type', 'name', 'kind', 'action'];
const NAMES_TYPE_IN_HEADERS = ['eventtype', 'cetype', 'type', 'xeventtype', 'messagetype', 'event'];
const SAYS_NOTHING =
  /^(?:events?|topics?|streams?|queues?|messages?|records?|domain|public|internal|dev|test|prod|staging|v\d+|\d+)$/;
const BEGINS =
  /^(?:created|placed|registered|added|opened|submitted|inserted|booked|issued|made|received|signed|new|create|creation)$/;
const CHANGES = /^(?:updated|changed|modified|edited|renamed|revised|update|change|upserted|saved)$/;
const VERB =
  /^(?!(?:feed|seed|need|speed|breed|embed|thread)$)(?:.{2,}ed|sent|paid|made|built|lost|won|sold|begun|done|set|put|new|create|creation|update|change|delete|deletion|login|logout|up|in|out)$/;

/** Reads what a message is about. */
export function readSubject({ topic, headers, value }: KafkaMessage): Subject {
  const ofTopic = cutVerb(listWords(topic));
  const type = findType(isMap(value) ? value : {}, NAMES_TYPE) ?? findType(headers, NAMES_TYPE_IN_HEADERS);
  const ofType = type === undefined ? undefined : cutVerb(type);
  const nouns = ofType && ofType.nouns.length > 0 ? ofType.nouns : ofTopic.nouns;
  const verb = ofType ? ofType.verb : ofTopic.verb;
  return {
    types: nouns.map((_, index) => joinType(nouns.slice(nouns.length - 1 - index))),
    words: [...(type ?? []), ...listWords(topic)],
    bearing: verb === undefined ? 'state' : BEGINS.test(verb) ? 'created' : CHANGES.test(verb) ? 'changed' : 'other',
  };
}

function listWords(name: string): readonly string[] {
  return splitWords(name).filter((word) => !SAYS_NOTHING.test(word));
}

/** A field that says which type of event it is; others of the name hold something else (`type: express`). */
function findType(fields: ValueMap, names: readonly string[]): readonly string[] | undefined {
  for (const name of names) {
    for (const key of Object.keys(fields)) {
      const text: Value | undefined = foldName(key) === name ? readKey(fields, key) : undefined;
      if (typeof text !== 'string' || text.length > 200) continue;
      const words = listWords(text);
      if (words.some((word) => VERB.test(word))) return words;
    }
  }
  return undefined;
}

/** The words before the last verb, and that. */
function cutVerb(words: readonly string[]): { nouns: readonly string[]; verb: string | undefined } {
  const at = words.findLastIndex((word) => VERB.test(word));
  if (at === -1) return { nouns: words, verb: undefined };
  const first = words.slice(0, at).findLastIndex((word) => !VERB.test(word));
  return { nouns: words.slice(0, first + 1), verb: words[first + 1] };
}
