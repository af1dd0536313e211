/** In a name of which the words are joined by `_`. */
const SECRET =
  /password|passwd|pass_?(?:phrase|code)|secret|token|credential|(?:api|private|signing|access|encryption|master|account|subscription|shared)_?key/;
/** What is short, or begins other words, is a secret as the last word alone: `DB_PASS`, not `PASSED` or `AUTH_MODE`. */
const LAST = /(?:^|_|db|pg|user|smtp|mail)pass$|(?:^|_)(?:pwd|pw|pat|auth|authorization|jwt|bearer|sk|salt|cookie)$/;
/** What is said about a secret is none. */
const ABOUT =
  /(?:url|uri|host|port|ttl|name|path|file|dir|id|user|length|size|expiry|seconds|issuer|audience|type|header|endpoint|topic)s?$/;
/** The directory of a shell, and the path of a file. */
const HARMLESS = /^PWD$|^GOOGLE_APPLICATION_CREDENTIALS$/;
/** Whoever has such an address may post to it: something long with a digit is at its end. */
const WEBHOOK = /webhook(?:_?ur[il])?$/i;
const WEBHOOK_ADDRESS = /^https:\/\/.*[/=](?=[\w-]*\d)[\w-]{16,}$/;
/** Of shorter values that nobody declared, many stand elsewhere, too: `test`, `admin`. */
const SHORTEST = 8;

/** Whether a name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  if (HARMLESS.test(name)) return false;
  const words = name
    .replaceAll(/([a-z\d])(?=[A-Z])|[^\w]+/g, '$1_')
    .replace(/_?\d+$/, '')
    .toLowerCase();
  return (SECRET.test(words) && !ABOUT.test(words)) || LAST.test(words);
}

/** Whether a value of the environment is masked though no flow says that it is a secret: by its name, and when it is long. */
export function isSecretLike(name: string, text: string): boolean {
  if (text.length < SHORTEST) return false;
  return /^[a-z]+:\/\//i.test(text) ? WEBHOOK.test(name) && WEBHOOK_ADDRESS.test(text) : isSecretName(name);
}

/** A name as other tools fill it in: `$TOKEN`, `#{TOKEN}`, `%TOKEN%`. */
const FILLED_IN =
  /(?<=^|[\s"'])(?:\$\(?(\w+)\)?|[$#%@]?\{+(\w+)\}+|%(\w+)%|#\((\w+)\)|\[\[(\w+)\]\]|<(\w+)>)(?=$|[\s"',}\]])/g;

/** A text without the names of secrets in it that somebody else was to fill in. */
export function leaveSecretNames(text: string): string {
  return text.replaceAll(FILLED_IN, (whole: string, ...groups: readonly unknown[]) =>
    groups.slice(0, 6).some((name) => typeof name === 'string' && isSecretName(name)) ? '' : whole,
  );
}
