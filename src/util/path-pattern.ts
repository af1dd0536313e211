/** A path that routes are written with: `/users/:id`, `/users/{id}/orders`, `/files/*`. */
export interface PathPattern {
  /** As written. */
  readonly text: string;
  /** The parameters of a path that it matches; undefined for any other. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

/** What a segment of a path has to be. */
type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  /** Parameters between texts, `{name}.{type}`: there is one text more than there are names. */
  | { readonly kind: 'mixed'; readonly names: readonly string[]; readonly texts: readonly string[] };

const PARAMETER = /^(?::([A-Za-z_]\w*)|\{([^{}/]+)\})$/;

/** Compiles a path of segments: a parameter takes one of them, or a part of one where it stands in braces; a `*` at the end takes whatever is left. */
export function compilePath(text: string): PathPattern {
  const written = splitPath(text);
  const isOpen = written.at(-1) === '*';
  const segments = (isOpen ? written.slice(0, -1) : written).map(readSegment);
  const match = (path: string): Record<string, string> | undefined => {
    const parts = splitPath(path);
    if (isOpen ? parts.length < segments.length : parts.length !== segments.length) return undefined;
    const params: Record<string, string> = {};
    for (let at = 0; at < segments.length; at++) {
      const segment = segments[at];
      if (segment && !takeSegment(segment, decodeSegment(parts[at] ?? ''), params)) return undefined;
    }
    return params;
  };
  return { text, match };
}

/** The names of a path's parameters. */
export function listParameters(text: string): readonly string[] {
  return splitPath(text).flatMap((written) => {
    const segment = readSegment(written);
    return segment.kind === 'parameter' ? [segment.name] : segment.kind === 'mixed' ? segment.names : [];
  });
}

function readSegment(written: string): Segment {
  const found = PARAMETER.exec(written);
  const name = found?.[1] ?? found?.[2];
  if (name !== undefined) return { kind: 'parameter', name };
  const pieces = written.split(/\{([^{}/]+)\}/);
  if (pieces.length === 1) return { kind: 'fixed', text: decodeSegment(written) };
  return {
    kind: 'mixed',
    names: pieces.filter((_, at) => at % 2 === 1),
    texts: pieces.filter((_, at) => at % 2 === 0).map(decodeSegment),
  };
}

function takeSegment(segment: Segment, part: string, params: Record<string, string>): boolean {
  if (segment.kind === 'fixed') return segment.text === part;
  if (segment.kind === 'mixed') return takeMixed(segment, part, params);
  if (part === '') return false;
  params[segment.name] = part;
  return true;
}

/** Each parameter takes as little as it can, and the last what is left. */
function takeMixed(
  { names, texts }: Extract<Segment, { kind: 'mixed' }>,
  part: string,
  params: Record<string, string>,
): boolean {
  const [first = ''] = texts;
  const last = texts.at(-1) ?? '';
  if (!part.startsWith(first) || !part.endsWith(last)) return false;
  const end = part.length - last.length;
  let at = first.length;
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const next = isLast ? end : part.indexOf(texts[index + 1] ?? '', at + 1);
    if (next <= at || next > end) return false;
    params[name] = part.slice(at, next);
    at = next + (isLast ? 0 : (texts[index + 1] ?? '').length);
  }
  return true;
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
