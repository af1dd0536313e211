import { isMap, type ValueMap } from '../../expr/index.ts';
import type { KafkaExchange, KafkaMessage } from '../../model/exchange.ts';
import { typeOfReference } from '../words/type-name.ts';
import { readSubject, type Subject } from './event-subject.ts';
import { type Bearing, type Look, type Root, readId, type Said } from './look.ts';
import { readInside, readRecords } from './read-records.ts';

/** Keys that hold what an event is about. */
const ENVELOPES = ['data', 'payload', 'body', 'detail', 'after', 'event', 'content'];
const MAX_MESSAGES = 5_000;

/** Reads what messages say of things, each as the event that it is. */
export function readMessages({ awaited }: KafkaExchange, look: Look): Said {
  const said: Said = { sayings: [], lists: [] };
  const messages = awaited?.messages ?? [];
  if (messages.length > MAX_MESSAGES) return said;
  for (const [index, message] of messages.entries()) {
    const path = messages.length === 1 ? 'message.value' : `messages[${index}].value`;
    readMessage(said, message, { look, path });
  }
  return said;
}

/** Reads what one message says. */
export function readMessage(said: Said, message: KafkaMessage, { look, path }: { look: Look; path: string }): void {
  const value = isMap(message.value) ? message.value : message.json;
  if (!isMap(value)) return;
  const subject = readSubject(message);
  const { topic } = message;
  const root: Root = {
    ...{ look, kind: 'message', source: 'messages', title: `message on ${topic}`, path, value },
    bearing: subject.bearing,
  };
  addNamed(said, root, value, subject);
  for (const key of ENVELOPES) {
    const inner = value[key];
    if (inner !== undefined && isMap(inner))
      addNamed(said, { ...root, path: `${path}.${key}`, value: inner }, inner, subject);
  }
  // Own ids: of what it is about at its top, by their keys below.
  const own = readRecords(root, () => subject.types);
  const isSubject = (types: readonly string[]) => types.some((type) => subject.types.includes(type));
  const aside = { bearing: 'aside' } as const;
  said.sayings.push(...own.sayings.map((one) => (isSubject(one.types) ? one : { ...one, ...aside })));
  said.lists.push(...own.lists.map((one) => (isSubject(one.parent.types) ? one : { ...one, ...aside })));
}

/** What an event is about by `<t>_id`: itself where type or topic are of just that, and else only mentioned. */
function addNamed(said: Said, root: Root, record: ValueMap, subject: Subject): void {
  const references = Object.entries(record).flatMap(([name, value]) => {
    const type = typeOfReference(name);
    const id = readId(value);
    return type === undefined || id === undefined ? [] : [{ type, id }];
  });
  for (const { type, id } of references) {
    const isSubject = subject.types.includes(type);
    const isMentioned = type.split('_').every((word) => subject.words.some((other) => other.startsWith(word)));
    if (!isSubject && !isMentioned) continue;
    const bearing: Bearing = isSubject ? root.bearing : 'aside';
    const owner = { types: [type], id };
    said.sayings.push({ root, path: root.path, record, isEmbedded: false, bearing, ...owner });
    if (isSubject) said.lists.push(...readInside(root, record, owner).lists);
  }
}
