import { decodeBody, readMediaType } from '../../actions/http/body.ts';
import type { IncomingAnswer } from '../../actions/stub/forward.ts';
import type { ReadyAnswer } from '../../actions/stub/wire/send-answer.ts';
import { isList, isMap, isNumber, readKey, type Value } from '../../expr/index.ts';

/** What every service sends, and no stub says. */
const USUAL = new Set(['content-length', 'content-type', 'date', 'connection', 'set-cookie']);

/** What a service answers otherwise than its stub: status, type, headers, and each field that is not there or of another type; values may differ. */
export function compareAnswers(stub: ReadyAnswer, service: IncomingAnswer): readonly string[] {
  if (stub.status !== service.status) return [`status: the stub answers ${stub.status}, the service ${service.status}`];
  const headers = new Map(stub.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const missing = [...headers.keys()].filter((name) => !USUAL.has(name) && service.headers[name] === undefined);
  const lines = missing.map((name) => `header ${name}: the service has none`);
  if (stub.body === undefined || stub.body.length === 0) return lines;
  if (service.body.length === 0) return [...lines, 'body: the service has none'];
  const type = headers.get('content-type');
  const types = [readMediaType(type), readMediaType(service.headers['content-type'])];
  if (types[0] !== types[1])
    return [...lines, `body: ${types[0]} in the stub, ${types[1] ?? 'of no type'} at the service`];
  const own = decodeBody(Buffer.from(stub.body), type).body;
  const other = decodeBody(service.body, service.headers['content-type']).body;
  return [...lines, ...compareValues(own, other, 'body')];
}

function compareValues(stub: Value, service: Value, place: string): readonly string[] {
  // That a field may be null is no promise that it is.
  if (stub === null) return [];
  const [own, other] = [nameType(stub), nameType(service)];
  if (own !== other) return [`${place}: ${own} in the stub, ${other} at the service`];
  if (isList(stub) && isList(service)) return compareLists(stub, service, place);
  if (!isMap(stub) || !isMap(service)) return [];
  return Object.entries(stub).flatMap(([key, value]) => {
    const inner = /^[A-Za-z_]\w*$/.test(key) ? `${place}.${key}` : `${place}[${JSON.stringify(key)}]`;
    const found = readKey(service, key);
    return found === undefined
      ? [`${inner}: ${nameType(value)} in the stub, missing at the service`]
      : compareValues(value, found, inner);
  });
}

/** Each item of the stub is like some item of the service: their numbers and order are those of other data. */
function compareLists(stub: readonly Value[], service: readonly Value[], place: string): readonly string[] {
  if (service.length === 0) return [];
  const lines = stub.flatMap((item) => {
    const compared = service.map((other) => compareValues(item, other, `${place}[]`));
    return compared.reduce((least, one) => (one.length < least.length ? one : least));
  });
  return [...new Set(lines)];
}

function nameType(value: Value): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (isList(value)) return 'array';
  if (isMap(value)) return 'map';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
