import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import { findNearest } from '../../util/suggest.ts';
import { createTrapDiagnostic } from '../traps/trap.ts';
import type { Node } from './node.ts';

const MAX_ALIASED_NODES = 100_000;

export interface AliasPlace {
  readonly isRaw: boolean;
}

interface Anchor {
  readonly place: AliasPlace;
  readonly create: () => Node;
  /** Absent while the content is being built. */
  node?: Node;
  rawNode?: Node;
}

/** The anchors of a document, and what their aliases stand for; bounded, so that nested aliases cannot exhaust the memory. */
export class AliasTable {
  readonly #report: { readonly diagnostics: Diagnostic[]; readonly file: SourceFile };
  readonly #anchors = new Map<string, Anchor>();
  readonly #sizes = new Map<Node, number>();
  #aliasedNodes = 0;
  #isFull = false;

  constructor(report: { readonly diagnostics: Diagnostic[]; readonly file: SourceFile }) {
    this.#report = report;
  }

  /** Builds a node and keeps it under its anchor. */
  define(name: string, place: AliasPlace, create: () => Node): Node {
    const anchor: Anchor = { place, create };
    this.#anchors.set(name, anchor);
    anchor.node = create();
    return anchor.node;
  }

  /** The content that an alias names; undefined, with a diagnostic, when there is none. */
  resolve(name: string, span: Span, place: AliasPlace): Node | undefined {
    const anchor = this.#anchors.get(name);
    if (!anchor) return this.#refuseUnknown(name, span);
    const node = anchor.node;
    if (!node) return this.#refuse(span, `the alias \`*${name}\` is inside its own anchor \`&${name}\``);
    this.#aliasedNodes += this.#measure(node);
    if (this.#aliasedNodes > MAX_ALIASED_NODES) return this.#refuseBomb(span);
    if (!place.isRaw || anchor.place.isRaw || node.isRaw) return node;
    anchor.rawNode ??= makeRaw(node);
    return anchor.rawNode;
  }

  #refuseUnknown(name: string, span: Span): undefined {
    const nearest = findNearest(name, this.#anchors.keys());
    const trap = createTrapDiagnostic(this.#report.file, {
      code: 'TM016',
      message: `\`*${name}\` is a YAML alias, but there is no anchor \`&${name}\` before it`,
      start: span.start,
      end: span.end,
    });
    const first =
      nearest === undefined ? `put \`&${name}\` before the value that is meant` : `did you mean \`*${nearest}\`?`;
    const help = [first, ...(trap.help ?? [])];
    this.#report.diagnostics.push({ ...trap, help });
    return undefined;
  }

  /** Reported once: all further aliases have the same fault. */
  #refuseBomb(span: Span): undefined {
    if (this.#isFull) return undefined;
    this.#isFull = true;
    return this.#refuse(span, `the aliases of this document expand to more than ${MAX_ALIASED_NODES} values`);
  }

  #refuse(span: Span, message: string): undefined {
    this.#report.diagnostics.push({ severity: 'error', code: 'TM018', message, span });
    return undefined;
  }

  #measure(node: Node): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    if (node.kind === 'seq') for (const item of node.items) size += this.#measure(item);
    if (node.kind === 'map') for (const entry of node.entries) size += this.#measure(entry.value);
    this.#sizes.set(node, size);
    return size;
  }
}

function makeRaw(node: Node): Node {
  if (node.kind === 'scalar') return { ...node, isRaw: true };
  if (node.kind === 'seq') return { ...node, items: node.items.map(makeRaw), isRaw: true };
  const entries = node.entries.map(({ key, value }) => ({ key: { ...key, isRaw: true }, value: makeRaw(value) }));
  return { ...node, entries, isRaw: true };
}
