import { describePatternTrouble } from '../../schema/pattern.ts';
import { describeSpan } from '../document/document-error.ts';
import { childOf, childrenOf, type Part, textOf } from '../document/documents.ts';

/** Which patterns of a document can be judged: in linear time, as all of them here. */
export class PatternCheck {
  readonly #troubles = new Map<string, string | undefined>();

  /** Whether the pattern is checked. */
  isChecked(source: string): boolean {
    return this.#describe(source) === undefined;
  }

  /** A sentence for each pattern that is not checked. */
  listUnchecked(roots: readonly Part[]): readonly string[] {
    const lines: string[] = [];
    const add = (source: string, { node }: Part): void => {
      const trouble = this.#describe(source);
      if (trouble !== undefined)
        lines.push(`the pattern \`${source}\` at ${describeSpan(node.span)} is not checked: ${trouble}`);
    };
    const seen = new Set<unknown>();
    const visit = (part: Part): void => {
      if (part.node.kind === 'scalar' || seen.has(part.node)) return;
      seen.add(part.node);
      const source = textOf(part, 'pattern');
      if (source !== undefined) add(source, part);
      const byPattern = childOf(part, 'patternProperties');
      for (const [key, child] of byPattern ? childrenOf(byPattern) : []) add(key, child);
      for (const [, child] of childrenOf(part)) visit(child);
    };
    for (const root of roots) if (root.source.text.includes('pattern')) visit(root);
    return lines;
  }

  #describe(source: string): string | undefined {
    if (!this.#troubles.has(source)) this.#troubles.set(source, describePatternTrouble(source));
    return this.#troubles.get(source);
  }
}
