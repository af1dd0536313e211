import { isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import { resolvePlain } from '../scalars/plain-value.ts';
import { createLinearText, createScalarText, type ScalarToken } from '../scalars/scalar-text.ts';
import { endOf, startOf } from '../scalars/yaml-range.ts';
import { findEntryTrap, isConditionList } from '../traps/map-traps.ts';
import {
  findAnchorTrap,
  findJoinedItem,
  findPlainTrap,
  findTagTrap,
  isPlaceholderMap,
  type Trap,
} from '../traps/scalar-traps.ts';
import { createTrapDiagnostic } from '../traps/trap.ts';
import { type AliasPlace, AliasTable } from './alias-table.ts';
import { collectEntries } from './merge-entries.ts';
import type { MapEntry, Node, ScalarNode, ScalarStyle } from './node.ts';

const MAX_DEPTH = 100;

/** A stretch of the file that is read as if it were quoted. */
export interface QuotedStretch {
  readonly start: number;
  readonly end: number;
  /** The text itself, when quotes are around it. */
  readonly textStart: number;
  readonly textEnd: number;
}

export interface NodePlace extends AliasPlace {
  readonly depth: number;
  /** Whether the node is a list whose items are expressions, or an item of one. */
  readonly isCondition: boolean;
}

const STYLES: Readonly<Record<ScalarToken['type'], ScalarStyle>> = {
  scalar: 'plain',
  'single-quoted-scalar': 'single',
  'double-quoted-scalar': 'double',
  'block-scalar': 'literal',
};

/** Turns one parsed YAML document into nodes; what YAML ate is reported and read as if it were quoted. */
export class NodeBuilder {
  readonly diagnostics: Diagnostic[] = [];
  readonly file: SourceFile;
  readonly #quoted: readonly QuotedStretch[];
  readonly #aliases: AliasTable;

  constructor(file: SourceFile, quoted: readonly QuotedStretch[]) {
    this.file = file;
    this.#quoted = quoted;
    this.#aliases = new AliasTable(this);
  }

  build(node: ParsedNode | null, at: number, place: NodePlace): Node {
    if (node === null) return this.#createNull(at, place);
    if (isAlias(node)) {
      const span = this.spanOf(node.range[0], node.range[1]);
      return this.#aliases.resolve(node.source, span, place) ?? this.quote(span, place.isRaw);
    }
    const tagTrap = findTagTrap(this.file.text, node);
    if (tagTrap && isScalar(node)) return this.#recover(tagTrap, place);
    if (tagTrap) this.#report(tagTrap);
    const isRaw = place.isRaw || node.tag === '!raw';
    const inner = { depth: place.depth + 1, isRaw, isCondition: place.isCondition };
    if (inner.depth > MAX_DEPTH) return this.#refuseDepth(node, place);
    if (node.anchor === undefined) return this.#buildContent(node, inner);
    return this.#aliases.define(node.anchor, inner, () => this.#buildContent(node, inner));
  }

  /** A scalar read as if its source were quoted. */
  quote(span: Span, isRaw: boolean): ScalarNode {
    const text = createLinearText(this.file, this.file.text.slice(span.start, span.end), span.start, span);
    return { kind: 'scalar', value: text.text, text, style: 'plain', span, isRaw };
  }

  spanOf(start: number, end: number): Span {
    return { file: this.file, start, end: Math.max(start, end) };
  }

  /** The key of a map entry; its value is its text. */
  buildKey(key: ParsedNode | null, at: number, place: NodePlace): ScalarNode {
    const node = key && isScalar(key) ? this.#buildScalar(key, place, true) : this.build(key, at, place);
    if (node.kind === 'scalar') return typeof node.value === 'string' ? node : { ...node, value: node.text.text };
    const message = `a ${node.kind === 'map' ? 'map' : 'list'} cannot be a key: keys are text`;
    this.diagnostics.push({ severity: 'error', code: 'TM021', message, span: node.span });
    return this.quote(node.span, place.isRaw);
  }

  #buildContent(node: Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed, place: NodePlace): Node {
    if (isScalar(node)) return this.#buildScalar(node, place, false);
    if (isPlaceholderMap(this.file.text, node)) return this.#recoverPlaceholder(node, place);
    if (isSeq(node)) return this.#buildSeq(node, place);
    return this.#buildMap(node, place);
  }

  #buildScalar(node: Scalar.Parsed, place: NodePlace, isKey: boolean): ScalarNode {
    if (this.#quoted.length > 0) {
      const quoted = this.#quoted.find((each) => each.start === node.range[0] && each.end > each.start);
      if (quoted) return this.#createQuoted(quoted, place);
    }
    const token = node.srcToken as ScalarToken | undefined;
    const anchorTrap = findAnchorTrap(this.file.text, node);
    if (anchorTrap) return this.#recover(anchorTrap, place);
    const span = this.spanOf(startOf(node), endOf(this.file.text, node));
    if (!token) return this.#createNull(node.range[0], place, node.tag);
    const trap = token.type === 'scalar' && !isKey ? findPlainTrap(this.file.text, node, token.source) : undefined;
    if (trap) return this.#recover(trap, place);
    if (token.type === 'scalar') this.#reportJoined(node, place);
    const decoded = String(node.source);
    const value = isKey ? decoded : this.#resolve(node, token, decoded);
    const shown = typeof value === 'string' ? decoded : token.source;
    return {
      kind: 'scalar',
      value,
      text: createScalarText(this.file, token, shown, span),
      style: token.type === 'block-scalar' && node.type === 'BLOCK_FOLDED' ? 'folded' : STYLES[token.type],
      span,
      isRaw: place.isRaw,
    };
  }

  /** In a list of conditions it is one less; elsewhere it may be a text that somebody laid out. */
  #reportJoined(node: Scalar.Parsed, { isCondition }: NodePlace): void {
    const joined = findJoinedItem(this.file.text, node);
    if (!joined) return;
    this.diagnostics.push({
      severity: isCondition ? 'error' : 'warning',
      code: 'TM027',
      message: 'this line goes on with the text of the line before: it stands further in than the item that it follows',
      span: this.spanOf(joined.start, joined.end),
      help: [
        isCondition
          ? 'begin it where that item begins; a minus stands at the end of the line before'
          : 'begin it where that item begins, or quote the whole text',
      ],
    });
  }

  #resolve(node: Scalar.Parsed, token: ScalarToken, decoded: string) {
    const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
    if (tag === '!!str' || tag === '!') return decoded;
    const isTyped = tag !== undefined && tag !== '!raw';
    return token.type === 'scalar' || isTyped ? resolvePlain(decoded) : decoded;
  }

  #buildSeq(node: YAMLSeq.Parsed, place: NodePlace): Node {
    const items = node.items.map((item) => this.build(item, node.range[0], place));
    return { kind: 'seq', items, span: this.spanOf(startOf(node), endOf(this.file.text, node)), isRaw: place.isRaw };
  }

  #buildMap(node: YAMLMap.Parsed, place: NodePlace): Node {
    const span = this.spanOf(startOf(node), endOf(this.file.text, node));
    const trap = findEntryTrap({ text: this.file.text, node, isCondition: place.isCondition });
    if (trap) {
      this.#report(trap);
      if (node.items.length === 1) return this.quote(span, place.isRaw);
    }
    const plain = place.isCondition ? { ...place, isCondition: false } : place;
    const entries = collectEntries(this, node, plain, (pair, key): MapEntry => {
      const isCondition = isConditionList(key.text.text) && isSeq(pair.value);
      return { key, value: this.build(pair.value, key.span.end, isCondition ? { ...plain, isCondition } : plain) };
    });
    return { kind: 'map', entries, span, isRaw: place.isRaw };
  }

  #recoverPlaceholder(node: YAMLMap.Parsed | YAMLSeq.Parsed, place: NodePlace): ScalarNode {
    const message = '`{{` without quotes is a YAML map inside a map, not a placeholder';
    return this.#recover({ code: 'TM010', message, start: node.range[0], end: node.range[1] }, place);
  }

  #recover(trap: Trap, place: NodePlace): ScalarNode {
    this.#report(trap);
    const node = this.quote(this.spanOf(trap.start, trap.end), place.isRaw);
    // A number that lost something keeps its value besides: an unquoted one is what the author wrote.
    return trap.severity === 'warning' ? { ...node, value: resolvePlain(node.text.text) } : node;
  }

  #report(trap: Trap): void {
    this.diagnostics.push(createTrapDiagnostic(this.file, trap));
  }

  #createQuoted(stretch: QuotedStretch, place: NodePlace): ScalarNode {
    const { start, end, textStart, textEnd } = stretch;
    const span = this.spanOf(start, end);
    const text = createLinearText(this.file, this.file.text.slice(textStart, textEnd), textStart, span);
    return { kind: 'scalar', value: text.text, text, style: 'plain', span, isRaw: place.isRaw };
  }

  #createNull(at: number, place: NodePlace, tag?: string): ScalarNode {
    const span = this.spanOf(at, at);
    const value = tag === 'tag:yaml.org,2002:str' || tag === '!' ? '' : null;
    return {
      kind: 'scalar',
      value,
      text: createLinearText(this.file, '', at, span),
      style: 'plain',
      span,
      isRaw: place.isRaw,
    };
  }

  #refuseDepth(node: ParsedNode, place: NodePlace): Node {
    const span = this.spanOf(node.range[0], node.range[0] + 1);
    const message = `this is nested more than ${MAX_DEPTH} levels deep`;
    this.diagnostics.push({ severity: 'error', code: 'TM024', message, span });
    return this.#createNull(node.range[0], place);
  }
}
