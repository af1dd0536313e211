/** A value of a setting of stubs and faults that is not of its form, with the keys that it may have. */
interface Misshapen {
  readonly setting: string;
  readonly value: unknown;
  readonly keys: readonly string[];
}

/** Whether settings are those of a stub, a proxy, a service, or of what uses one. */
export function isOfDoubles(keys: readonly string[]): boolean {
  return ['routes', 'server', 'faults', 'upstream', 'service', 'ready'].some((key) => keys.includes(key));
}

/** How a value for stubs, faults and services is written that another tool has in another form, or without its unit. */
export function suggestDoubleValue(setting: string, value: unknown, keys: readonly string[]): string | undefined {
  const about = { setting, value, keys };
  if (keys.includes('slow_close')) return suggestFaults(value);
  if (keys.includes('routes')) return Array.isArray(value) ? 'write `routes:` above the list' : undefined;
  const isQuoted = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) && !FRACTIONS.has(setting);
  if (isQuoted) return undefined;
  if (keys.includes('absent')) return suggestPart(value);
  return suggestByName(about) ?? (typeof value === 'string' ? suggestForText(about) : undefined);
}

/** A quoted number of these is more than its quotes. */
const FRACTIONS: ReadonlySet<string> = new Set(['share', 'rate', 'ready', 'tcp', 'compose', 'upstream']);

/** What a header, a field of a query or of a form has to be. */
function suggestPart(value: unknown): string | undefined {
  if (value === null) return 'write `{absent: true}` for one that is not there';
  return Array.isArray(value)
    ? 'one of several is a condition: `where: \'request.query["q"] in ["a", "b"]\'`'
    : undefined;
}

function suggestByName({ setting, value }: Misshapen): string | undefined {
  switch (setting) {
    case 'state':
    case 'sets':
      return `a state has a name: write \`${setting}: {order: ${typeof value === 'string' ? value : 'paid'}}\``;
    case 'share':
    case 'rate':
      return suggestShare(setting, value);
    case 'latency':
    case 'jitter':
      return isMap(value) ? 'write the two beside each other: `faults: {latency: 200ms, jitter: 20ms}`' : undefined;
    case 'bandwidth':
      return 'it is so much a second: write `bandwidth: 10KB`';
    case 'reset':
      return typeof value === 'number' ? `write \`reset: {after: ${value}}\`` : undefined;
    case 'path':
      return Array.isArray(value) ? 'write a route for each, or one `path_regex`' : undefined;
    case 'response':
      return Array.isArray(value) ? 'several answers, in turn, are `responses:`' : undefined;
    case 'responses':
      return typeof value === 'number' ? `write \`{status: ${value}}\`` : undefined;
    case 'limit':
    case 'after':
      return 'it is an amount of data: write `10KB`, or a number of bytes';
    case 'slow_close':
      return 'it is how long the end of a connection is held back: write `slow_close: 2s`';
    case 'absent':
      return 'that it is there is a condition: `where: \'request.headers["accept"] != nil\'`';
    case 'times':
      return suggestTimes(value);
    case 'count':
      return suggestCount(value);
    case 'port':
    case 'listen':
      return `write the number of the port alone; \`${setting}: 0\`, and none, take a free one`;
    case 'fault':
      return suggestFault(value);
    case 'compose':
      return `write \`compose: {file: ${typeof value === 'string' && /\.ya?ml$/.test(value) ? value : 'docker-compose.yml'}, service: …}\``;
    case 'service':
      return Array.isArray(value) ? 'it is one service: write a step for each' : undefined;
    case 'ready':
      return suggestReady(value);
    case 'upstream':
      return `write one address: \`upstream: "localhost:${typeof value === 'number' ? value : 5432}"\``;
    case 'tcp':
      if (/^https?:/.test(String(value))) return `write \`http: "${value}"\``;
      return `write \`tcp: "${typeof value === 'number' ? `localhost:${value}` : 'localhost:5432'}"\``;
    default:
      return undefined;
  }
}

function suggestForText({ setting, value, keys }: Misshapen): string | undefined {
  const text = String(value);
  const where = /^(up|down)(?:stream)?$|^(request|response|in|out)(?:bound|going|coming)?s?$/i.exec(text);
  if (setting === 'direction')
    return where
      ? `write \`direction: ${/^(up|req|in)/i.test(text) ? 'up' : 'down'}\``
      : '`up` is what is asked, `down` what is answered';
  if (setting === 'signal' && /^[A-Z]+\d?$/i.test(text)) return `write \`signal: SIG${text.toUpperCase()}\``;
  if (setting === 'protocol') return suggestProtocol(text.toLowerCase());
  if (setting === 'http' && keys.length === 0) return `write \`http: "http://${text.replace(/^\/*/, '')}"\``;
  if (setting === 'http') return `write \`http: {method: POST, url: …}\``;
  if (setting === 'status') return 'write its number, such as `200`';
  if (setting === 'path') return suggestPath(text);
  if (setting === 'method' && /[,|\s]/.test(text))
    return 'a route without `method` takes any; otherwise write one for each';
  if (keys.includes('body_file')) return `write \`response: {status: 200, body: …}\``;
  return undefined;
}

function suggestProtocol(word: string): string {
  if (['tcp', 'http', 'kafka'].includes(word)) return `write \`protocol: ${word}\``;
  return word === 'https'
    ? 'write `protocol: http`, and `https://` in `upstream`'
    : '`tcp` carries any protocol; it is what is taken without `protocol`';
}

/** A part of all: `30`, `"30%"`. */
function suggestShare(setting: string, value: unknown): string {
  const [, digits] = /^\s*(\d{1,3}(?:\.\d+)?)\s*%?\s*$/.exec(String(value)) ?? [];
  const percent = Number(digits);
  if (digits === undefined || percent <= 0 || percent > 100)
    return `it is a part of 1: \`${setting}: 0.3\` is 30 %; without it all are met`;
  if (percent <= 1 && !String(value).includes('%')) return `write \`${setting}: ${percent}\`, without quotes`;
  return `write \`${setting}: ${Number((percent / 100).toPrecision(6))}\`, which is ${percent} %`;
}

function suggestFaults(value: unknown): string | undefined {
  const names = (Array.isArray(value) ? value : [value]).flatMap((one) =>
    isMap(one) ? Object.keys(one) : [String(one)],
  );
  if (names.length === 0 || !names.every((name) => /^[a-z_]+$/.test(name))) return undefined;
  const written = names.map((name) => `${name}: ${FLAGS.has(name) ? 'true' : '…'}`);
  return `write one map: \`faults: {${written.join(', ')}}\``;
}

const FLAGS: ReadonlySet<string> = new Set(['down', 'reset', 'timeout']);

function suggestTimes(value: unknown): string {
  if (value === 'once') return 'write `times: 1`';
  if (isMap(value)) return 'write a number: `times: 2`; how often it was asked is for `mock_server_verify`';
  return 'write how often it answers, such as `times: 2`; without `times` it answers always';
}

function suggestCount(value: unknown): string | undefined {
  if (typeof value === 'string' && /^(?:none|never|no|zero|nothing)$/i.test(value)) return 'write `count: 0`';
  if (value === false || (typeof value === 'number' && value < 0)) return 'write `count: 0` for none';
  if (value === true || value === 'any' || value === 'some') return 'write `count: {min: 1}`';
  return value === 'once' ? 'write `count: 1`' : undefined;
}

/** Faults of WireMock, and those that are no faults here. */
function suggestFault(value: unknown): string | undefined {
  if (typeof value === 'number') return `write \`response: {status: ${value}}\``;
  const named = isMap(value) ? (typeof value['type'] === 'string' ? value['type'] : Object.keys(value)[0]) : value;
  const text = String(named).toLowerCase();
  if (isMap(value) && ['reset', 'timeout', 'empty', 'garbage'].includes(text)) return `write \`fault: ${text}\``;
  if (/^connection_reset/.test(text)) return 'write `fault: reset`';
  if (/^(?:malformed|random_data)/.test(text)) return 'write `fault: garbage`';
  if (/^(?:delay|latency|slow)$/.test(text)) return 'a delay is no fault: write `delay: 2s`';
  return /^(?:refuse|refused|down|drop|close)$/.test(text) ? 'write `fault: reset`' : undefined;
}

function suggestReady(value: unknown): string | undefined {
  const text = String(value);
  if (typeof value === 'string' && /^https?:/.test(text)) return `write \`ready: {http: "${text}"}\``;
  if (/^(?:\S+:)?\d{2,5}$/.test(text))
    return `write \`ready: {tcp: "${text.includes(':') ? text : `localhost:${text}`}"}\``;
  if (isMap(value) || typeof value !== 'string' || /^\d+m?s$/.test(text))
    return 'write one: `ready: {http: "http://localhost:5003/health"}`, `{tcp: "localhost:5432"}` or `{log: "listening on"}`';
  return `write \`ready: {log: ${JSON.stringify(text.slice(0, 60))}}\``;
}

function suggestPath(text: string): string | undefined {
  const [, path] = /^[a-z]+:\/\/[^/\s]+(\/\S*)?$/i.exec(text) ?? [];
  if (path !== undefined) return `write \`path: ${path}\`: a stub knows no host`;
  if (/^\^|\$$|\.\*|\\/.test(text)) return 'a pattern is `path_regex:`';
  return /^[\w:{]\S*$/.test(text) ? `write \`path: /${text}\`` : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
