/** An address read, or what is wrong with it. */
export type ReadUrl = { readonly url: URL } | { readonly mistake: string; readonly help: readonly string[] };

/** Reads an absolute http or https address. */
export function readHttpUrl(text: string): ReadUrl {
  const trimmed = text.trim();
  if (trimmed === '')
    return { mistake: '`url` is empty', help: ['give an address such as `http://localhost:5001/health`'] };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return describeMissingScheme(trimmed);
  if (scheme !== 'http' && scheme !== 'https') {
    return { mistake: `\`url\`: expected \`http://\` or \`https://\`, got \`${scheme}://\``, help: [] };
  }
  try {
    return { url: new URL(trimmed) };
  } catch {
    return {
      mistake: `\`url\`: ${JSON.stringify(hideUserInfo(trimmed))} is not a valid address`,
      help: ['expected `http://host:port/path`; the port is a number up to 65535'],
    };
  }
}

/** An address without the user and password in it. */
export function hideUserInfo(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

function describeMissingScheme(text: string): ReadUrl {
  if (text.startsWith('/')) {
    return {
      mistake: `\`url\`: ${JSON.stringify(text)} has no scheme and host`,
      help: [`put the service's address before it: \`http://localhost:5001${text}\``],
    };
  }
  const rest = text.replace(/^[a-z]+:\/*(?=[^\d])/i, '').replace(/^\/+/, '');
  return {
    mistake: `\`url\`: ${JSON.stringify(hideUserInfo(text))} has no scheme`,
    help: [`did you mean \`http://${hideUserInfo(rest)}\`?`],
  };
}
