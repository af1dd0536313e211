import { isScalar, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import type { MapEntry, MapNode, Node, ScalarNode } from './node.ts';

type ParsedPair = Pair<ParsedNode, ParsedNode | null>;

/** What builds the nodes of a map, for a place in the document. */
interface EntryBuilder<NodePlace> {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
  build(node: ParsedNode | null, at: number, place: NodePlace): Node;
  buildKey(key: ParsedNode | null, at: number, place: NodePlace): ScalarNode;
}

/** What a merge key brings, with the place where it is named. */
interface Merged {
  readonly merged: Node;
  readonly span: Span;
}

/** The entries of a map: merge keys (`<<`) replaced by what they bring, the map's own keys winning; a repeated key is an error. */
export function collectEntries<NodePlace>(
  builder: EntryBuilder<NodePlace>,
  node: YAMLMap.Parsed,
  place: NodePlace,
  buildEntry: (pair: ParsedPair, key: ScalarNode) => MapEntry,
): readonly MapEntry[] {
  const parts: (MapEntry | Merged)[] = [];
  const own = new Map<string, ScalarNode>();
  for (const pair of node.items) {
    if (isMergeKey(pair.key)) {
      const [start, end] = pair.value?.range ?? pair.key.range;
      const merged = builder.build(pair.value, pair.key.range[1], place);
      parts.push({ merged, span: { file: builder.file, start, end } });
      continue;
    }
    const key = builder.buildKey(pair.key, node.range[0], place);
    const entry = buildEntry(pair, key);
    const first = own.get(key.text.text);
    if (first) reportDuplicate(builder, key, first);
    else {
      own.set(key.text.text, key);
      parts.push(entry);
    }
  }
  return flatten(builder, parts, own);
}

function flatten(
  builder: EntryBuilder<never>,
  parts: readonly (MapEntry | Merged)[],
  own: ReadonlyMap<string, ScalarNode>,
): readonly MapEntry[] {
  if (!parts.some((part) => 'merged' in part)) return parts.filter((part) => 'key' in part);
  const taken = new Set(own.keys());
  return parts.flatMap((part) => {
    if ('key' in part) return [part];
    return listMerged(builder, part).flatMap((map) =>
      map.entries.filter((entry) => {
        if (taken.has(entry.key.text.text)) return false;
        taken.add(entry.key.text.text);
        return true;
      }),
    );
  });
}

function listMerged(builder: EntryBuilder<never>, { merged, span }: Merged): readonly MapNode[] {
  const candidates = merged.kind === 'seq' ? merged.items : [merged];
  return candidates.flatMap((candidate) => {
    if (candidate.kind === 'map') return [candidate];
    builder.diagnostics.push({
      severity: 'error',
      code: 'TM023',
      message: `\`<<\` takes a map or a list of maps, got ${candidate.kind === 'seq' ? 'a list' : 'a single value'}`,
      span,
      help: ['name an anchored map: `<<: *name`'],
    });
    return [];
  });
}

function isMergeKey(key: ParsedNode | null): key is ParsedNode {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

function reportDuplicate(builder: EntryBuilder<never>, key: ScalarNode, first: ScalarNode): void {
  const starts = builder.file.lineStarts;
  const line = starts.findLastIndex((start) => start <= first.span.start) + 1;
  builder.diagnostics.push({
    severity: 'error',
    code: 'TM009',
    message: `the key \`${key.text.text}\` appears here a second time`,
    span: key.span,
    help: [
      `the first one is on line ${line}: keep one of them`,
      ...(beginsItem(builder.file.text, first)
        ? ['where it begins the next item of the list, put `- ` before it']
        : []),
    ],
  });
}

/** Whether a key stands right behind the dash of an item. */
function beginsItem(text: string, { span }: ScalarNode): boolean {
  return /(?:^|\n)[ -]*- +$/.test(text.slice(Math.max(0, span.start - 80), span.start));
}
