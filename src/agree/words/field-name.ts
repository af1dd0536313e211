import { isSecretName } from '../../util/secret-name.ts';
import { splitWords } from './type-name.ts';

/** A field's name, whatever its case and however its words are joined. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}.]/gu, '');
}

/** What a field holds, as far as its name says: how far it may rightly change while nobody asks for it. */
export type FieldKind = 'reference' | 'amount' | 'number' | 'state' | 'text' | 'time' | 'skipped';

const TIME_OF_CHANGE =
  /^(?:(?:last_)?(?:updated|modified|changed|touched|synced|refreshed|accessed|seen|used|edited)(?:_.*)?|(?:update|modification|change)_(?:time|date|at)|last_.*|mtime|ctime|timestamp|time|now|as_of|fetched_at|generated_at|received_at|sent_at|processed_at|occurred_at|published_at|emitted_at)$/;
const VERSION =
  /^(?:.*_)?(?:version|revision|rev|etag|hash|checksum|digest|signature|sequence|seq|offset|xmin|nonce|cursor)$/;
const ADDRESS = /^(?:.*_)?(?:url|uri|href|link|links|self)$/;
const TRACE =
  /^(?:trace|span|parent_span|request|correlation|causation|event|message|job|transaction|tx|idempotency|session|process|client|device)_id$/;
const STATE =
  /^(?:(?:current|next|active|latest|new|old|previous|is|has|can|was|should)_.*|(?:.*_)?(?:status|state|phase|stage|step|progress|condition|outcome|result|reason|enabled|disabled|active|visible|read|unread|position|location|availability))$/;
const AMOUNT =
  /(?:^|_)(?:total|subtotal|price|amount|sum|cost|tax|vat|fee|discount|net|gross|weight|width|height|length|depth)(?:_|$)/;
const CREATED = /^(?:created|creation|born|birth|ordered|placed|registered)(?:_.*)?$/;

/** What a field of this name holds when its value says no more. */
export function kindOfName(name: string): FieldKind {
  const words = splitWords(name).join('_');
  if (TIME_OF_CHANGE.test(words) || VERSION.test(words) || ADDRESS.test(words) || TRACE.test(words)) return 'skipped';
  if (isSecretName(name)) return 'skipped';
  if (STATE.test(words)) return 'state';
  if (/_id$/.test(words)) return 'reference';
  return AMOUNT.test(words) ? 'amount' : 'text';
}

/** Whether it says when a thing began: that does not change. */
export function isBeginning(name: string): boolean {
  return CREATED.test(splitWords(name).join('_'));
}
