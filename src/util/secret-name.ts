const SECRET = /(?:password|passwd|secret|token|api_?key|private_?key)/i;
/** What is said about a secret is none. */
const ABOUT =
  /(?:url|uri|host|port|ttl|name|path|file|dir|id|user|length|size|expiry|seconds|issuer|audience|type|header|endpoint|topic)s?$/i;
/** Of shorter values that nobody declared, many stand elsewhere, too: `test`, `admin`. */
const SHORTEST = 8;

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !ABOUT.test(name);
}

/** Whether a value of the environment is masked though no flow says that it is a secret: by its name, and when it is long. */
export function isSecretLike(name: string, text: string): boolean {
  return text.length >= SHORTEST && isSecretName(name) && !/^[a-z]+:\/\//i.test(text);
}
