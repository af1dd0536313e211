import { writeMarked, writeMarkedTests } from './foreign-markers.ts';

/** A place at which a source cannot go on as it is written. */
export interface Misfit {
  readonly source: string;
  readonly offset: number;
}

/** A spelling of other languages: what stands before the place, what stands at it, and how it is written here. */
export interface Spelling {
  readonly before?: RegExp;
  readonly at?: RegExp;
  suggest(match: readonly string[], misfit: Misfit): string | undefined;
}

/** Paths into lists as JSONPath has them, and `match` of Karate over lists and maps. */
export const pathSpellings: readonly Spelling[] = [
  {
    before: /([\w.]+)\[\s*$/,
    at: /^\*\s*\]\.([A-Za-z_]\w*)/,
    suggest: ([, list], { source, offset }) =>
      `a list is mapped: \`map(${list}, .${/^\*\s*\]\.(\w+)/.exec(source.slice(offset))?.[1]})\``,
  },
  {
    before: /([\w.]+)\.$/,
    at: /^\*\.([A-Za-z_]\w*)/,
    suggest: ([, list], { source, offset }) =>
      `a list is mapped: \`map(${list}, .${/^\*\.(\w+)/.exec(source.slice(offset))?.[1]})\``,
  },
  {
    before: /([\w.]+)\[\s*$/,
    at: /^\?\s*\(?\s*@?\.?[A-Za-z_][^()[\]]*\)?\s*\]/,
    suggest: ([, list], { source, offset }) =>
      `items are chosen: \`filter(${list}, .${/^\?\s*\(?\s*@?\.?([^()[\]]*)/.exec(source.slice(offset))?.[1]?.trim()})\``,
  },
  {
    before: /^\s*match\s+$/,
    at: /^each\s+([\w.[\]]+)\s*(==|contains)\s*(.+)$/s,
    suggest: ([, list, operator, rest = '']) =>
      alone(`all(${list}, ${writeMarkedTests('#', rest.trim()) ?? `# ${operator} ${rest}`})`),
  },
  {
    before: /^\s*match\s+$/,
    at: /^([\w.[\]]+)\s+contains\s*(\{.*\})$/s,
    suggest: ([, written = '', part = '']) => {
      const value = written === 'response' ? 'body' : written;
      return alone(writeMarkedTests(value, part) ?? `matches_partial(${value}, ${part})`);
    },
  },
  {
    before: /^\s*(?:assert|expect|verify|ensure|check|match)\s+$/i,
    at: /^[^\s=<>!,)].*/s,
    suggest: ([written = '']) => {
      const condition = written.replace(/^(?:\$|response)(?=[.[\s])/, 'body');
      return alone(writeMarked(condition) ?? shorten(condition));
    },
  },
];

function alone(condition: string): string {
  return `an assertion is the expression alone: \`${condition}\``;
}

/** What is written, as far as it fits into a sentence. */
export function shorten(text = ''): string {
  return text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text.trimEnd();
}
