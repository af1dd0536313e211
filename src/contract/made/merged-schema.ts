import type { Value } from '../../expr/index.ts';
import { type Node, toData } from '../../source/yaml/node.ts';
import { childOf, childrenOf, type Part } from '../document/documents.ts';
import { readDiscriminator } from '../schemas/discriminator.ts';
import type { SchemaContext } from '../schemas/schema-context.ts';

/** The schemas that all have to hold for one value. */
export interface MergedSchema {
  readonly parts: readonly Part[];
  /** Fields whose value says which schema is meant. */
  readonly fixed: ReadonlyMap<string, Value>;
  /** A value that the document gives for the whole. */
  readonly given: Value | undefined;
}

/** Takes together what has to hold for a value: references, `allOf`, and the first of a choice. */
export function mergeSchema(part: Part, context: SchemaContext, variant: number): MergedSchema {
  const merger = new Merger(context);
  merger.add(part, true);
  const { parts, fixed, whole } = merger;
  const given = findGiven(whole, ['example', 'examples', 'const', 'default', 'enum'], variant);
  // What a part allows alone goes for the whole; what it takes for an example does not.
  return { parts, fixed, given: given ?? findGiven(parts, ['const', 'enum'], variant) };
}

class Merger {
  readonly parts: Part[] = [];
  /** Those of them that say all of the value. */
  readonly whole: Part[] = [];
  readonly fixed = new Map<string, Value>();
  readonly #context: SchemaContext;
  readonly #seen = new Set<Node>();

  constructor(context: SchemaContext) {
    this.#context = context;
  }

  add(part: Part, isWhole: boolean, isBase = false): void {
    if (part.node.kind !== 'map' || this.#seen.has(part.node)) return;
    this.#seen.add(part.node);
    const target = this.#context.documents.step(part);
    if (!target || !this.#context.is30) this.#addOwn(part, isWhole, isBase);
    if (target) this.add(target, isWhole, isBase);
  }

  #addOwn(part: Part, isWhole: boolean, isBase: boolean): void {
    this.parts.push(part);
    if (isWhole) this.whole.push(part);
    const all = childOf(part, 'allOf');
    for (const [, one] of all ? childrenOf(all) : []) this.add(one, false, true);
    const choice = childOf(part, 'oneOf') ?? childOf(part, 'anyOf');
    const discriminator =
      this.#context.is30 && (choice || !isBase) ? readDiscriminator(part, this.#context) : undefined;
    const meant = discriminator?.choices[0];
    if (discriminator && meant) {
      this.fixed.set(discriminator.field, meant.values[0] ?? null);
      this.add(meant.part, false);
    } else {
      const branches = choice ? childrenOf(choice).map(([, one]) => one) : [];
      const first = branches.find((branch) => !isNull(branch)) ?? branches[0];
      if (first) this.add(first, false);
    }
  }
}

function isNull(part: Part): boolean {
  const type = childOf(part, 'type')?.node;
  return type?.kind === 'scalar' && type.text.text === 'null';
}

/** A value that the document gives under one of the words; of several it may be another one each time. */
function findGiven(parts: readonly Part[], words: readonly string[], variant: number): Value | undefined {
  for (const part of parts) {
    for (const word of words) {
      const child = childOf(part, word);
      if (!child) continue;
      if (word !== 'enum' && word !== 'examples') return toData(child.node);
      const values = childrenOf(child).map(([, one]) => toData(one.node));
      const possible = values.filter((value) => value !== null);
      const chosen = possible[variant % Math.max(1, possible.length)] ?? values[0];
      if (chosen !== undefined) return chosen;
    }
  }
  return undefined;
}
