/** How a function of flows is called. */
export interface FunctionDoc {
  /** What stands in brackets; `?` marks what may be left out. */
  readonly args: readonly string[];
  /** An expression that is true. */
  readonly example: string;
}

/** The arguments and an example of every function that flows add to the language, by name: texts that no run needs. */
export const functionDocs: Readonly<Record<string, FunctionDoc>> = {
  uuid: { args: [], example: 'is_uuid(uuid())' },
  random_int: { args: ['a', 'b'], example: 'random_int(1, 6) in 1..6' },
  random_string: { args: ['n'], example: 'len(random_string(8)) == 8' },
  faker: { args: ['kind'], example: 'faker("internet.email") contains "@"' },
  base64: { args: ['text'], example: 'base64("user:secret") == "dXNlcjpzZWNyZXQ="' },
  base64_decode: { args: ['text'], example: 'base64_decode("aGVsbG8=") == "hello"' },
  sha256: { args: ['text', 'encoding?'], example: 'sha256("abc", "hex") startsWith "ba7816bf"' },
  hmac_sha256: { args: ['text', 'key', 'encoding?'], example: 'hmac_sha256("body", "key", "base64") endsWith "="' },
  url_encode: { args: ['text'], example: 'url_encode("a b&c") == "a%20b%26c"' },
  json: { args: ['value'], example: 'json({a: [1, nil]}) == "{\\"a\\":[1,null]}"' },
  jwt_decode: {
    args: ['token', 'part?'],
    example: 'jwt_decode("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.").sub == "ada"',
  },
  env: { args: ['name', 'default?'], example: 'env("DEPLOY_STAGE", "local") == "local"' },
  file: { args: ['path'], example: 'fromJSON(file("body.json")).a == 1' },
  matches_partial: {
    args: ['value', 'expected'],
    example: 'matches_partial({id: 7, user: {name: "Ada", age: 36}}, {user: {name: "Ada"}})',
  },
  same_items: { args: ['list', 'expected'], example: 'same_items(["b", "a"], ["a", "b"])' },
  contains_all: { args: ['list', 'items'], example: 'contains_all(["a", "b", "c"], ["c", "a"])' },
  approx: { args: ['a', 'b', 'tolerance'], example: 'approx(59.98, 60, 0.05)' },
  matches_schema: { args: ['value', 'schema'], example: 'matches_schema({id: 7}, {type: "object", required: ["id"]})' },
  is_uuid: { args: ['value'], example: 'is_uuid("7f0c2a4e-0000-4000-8000-000000000001")' },
  is_iso_date: { args: ['value'], example: 'is_iso_date("2026-01-31T10:00:00Z")' },
  is_int: { args: ['value'], example: 'is_int(2.0)' },
  is_number: { args: ['value'], example: 'is_number(59.98)' },
  is_string: { args: ['value'], example: 'is_string("02134")' },
  is_array: { args: ['value'], example: 'is_array([1, 2])' },
  is_map: { args: ['value'], example: 'is_map({id: 7})' },
  is_bool: { args: ['value'], example: 'is_bool(false)' },
};

/** `sha256(text, encoding?)`. */
export function describeCall(name: string): string {
  return `${name}(${functionDocs[name]?.args.join(', ') ?? '…'})`;
}
