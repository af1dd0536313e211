/** Why a command cannot be a step: each step gets one answer, and its connection ends with what it changed. */
interface Refusal {
  readonly why: string;
  readonly help: string;
}

const PROTOCOL: Refusal = {
  why: 'it changes the protocol of the connection, which testmesh chooses',
  help: 'leave it out; the user and password are `username` and `password` of each step',
};
const STREAM: Refusal = {
  why: 'it turns the connection into a stream of messages, and a step gets one answer',
  help: 'look at what is kept instead: a list, a stream (`XRANGE`), a key',
};
const SESSION: Refusal = {
  why: 'what it changes ends with the step, so the next one would not see it',
  help: 'do what belongs together in one step, as a script: `command: [EVAL, "return redis.call(…)", …]`',
};

const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ...listAll('HELLO RESET QUIT', PROTOCOL),
  ['CLIENT REPLY', { why: 'it changes whether the connection answers at all', help: 'leave it out' }],
  ...listAll('MONITOR SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE SYNC PSYNC', STREAM),
  ...listAll('MULTI EXEC DISCARD WATCH UNWATCH ASKING READONLY READWRITE', SESSION),
  ['SELECT', { why: SESSION.why, help: 'write the number of the database as `db` of each step that uses it' }],
]);

/** What is wrong with sending a command; undefined for one that may be sent. */
export function findRefusal(words: readonly string[]): (Refusal & { readonly name: string }) | undefined {
  const [first = '', second = ''] = words.map((word) => word.trim().toUpperCase());
  for (const name of [first, `${first} ${second}`]) {
    const refusal = REFUSALS.get(name);
    if (refusal) return { name, ...refusal };
  }
  return undefined;
}

function listAll(names: string, refusal: Refusal): readonly (readonly [string, Refusal])[] {
  return names.split(' ').map((name) => [name, refusal]);
}
