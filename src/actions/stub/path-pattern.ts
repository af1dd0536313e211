import { Budget, compilePattern } from '../../expr/index.ts';

/** A path that routes are written with: `/users/:id`, `/users/{id}/orders`, `/files/*`. */
export interface PathPattern {
  /** As written. */
  readonly text: string;
  /** The parameters of a path that it matches; undefined for any other. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

const PARAMETER = /^(?::([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})$/;

/** Compiles a path of segments: a parameter takes one of them, a `*` at the end whatever is left. */
export function compilePath(text: string): PathPattern {
  const segments = splitPath(text);
  const isOpen = segments.at(-1) === '*';
  const fixed = isOpen ? segments.slice(0, -1) : segments;
  const names = fixed.map((segment) => {
    const found = PARAMETER.exec(segment);
    return found?.[1] ?? found?.[2];
  });
  const decoded = fixed.map(decodeSegment);
  const match = (path: string): Record<string, string> | undefined => {
    const parts = splitPath(path);
    if (isOpen ? parts.length < fixed.length : parts.length !== fixed.length) return undefined;
    const params: Record<string, string> = {};
    for (let at = 0; at < fixed.length; at++) {
      const part = parts[at] ?? '';
      const name = names[at];
      if (name === undefined && decoded[at] !== decodeSegment(part)) return undefined;
      if (name !== undefined) {
        if (part === '') return undefined;
        params[name] = decodeSegment(part);
      }
    }
    return params;
  };
  return { text, match };
}

/** Compiles a regular expression that the whole path has to match, in linear time. @throws ExprError when it does not parse */
export function compilePathRegex(source: string): PathPattern {
  const pattern = compilePattern(`^(?:${source})$`);
  return { text: source, match: (path) => (pattern.test(path, new Budget()) ? {} : undefined) };
}

let lastPath = '';
let lastParts: readonly string[] = [''];

/** The path of a request is compared with one route after the other. */
function splitPath(path: string): readonly string[] {
  if (path === lastPath) return lastParts;
  lastPath = path;
  lastParts = (path.startsWith('/') ? path.slice(1) : path).split('/');
  return lastParts;
}

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
