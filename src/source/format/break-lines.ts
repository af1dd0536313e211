import { isAlias, isCollection, isMap, isPair, isScalar, type Node, type Pair } from 'yaml';

/** What a line may hold before a list or map in brackets gets lines of its own. */
export const LINE_WIDTH = 120;
const INDENT = 2;

/** Gives lists and maps in brackets that are too long for their line a line for each item; below brackets nothing else can stand. */
export function breakLongLines(node: unknown, column: number, indent: number): void {
  if (!isCollection(node)) return;
  if (node.flow) {
    if (node.items.length === 0 || column + measure(node) <= LINE_WIDTH || hasComments(node)) return;
    node.flow = false;
  }
  for (const item of node.items) {
    if (!isPair(item)) breakLongLines(item, indent + INDENT, indent + INDENT);
    else breakLongLines(item.value, indent + measureKey(item) + 1, indent + INDENT);
  }
}

/** How long it is on one line, whatever its layout is now. */
function measure(node: unknown): number {
  const [isNodeMap, own] = [isMap(node), measureProps(node)];
  if (isCollection(node)) {
    const lengths = node.items.map((item) =>
      isPair(item) ? measureKey(item) + 1 + measure(item.value) : measure(item),
    );
    return own + lengths.reduce((sum, length) => sum + length + 2, isNodeMap ? 2 : 0);
  }
  if (isAlias(node)) return own + node.source.length + 1;
  if (!isScalar(node)) return own;
  return own + String(node.value).length + (node.type === 'PLAIN' ? 0 : 2);
}

function measureKey({ key }: Pair): number {
  return measure(key) + 1;
}

/** `&name`, `!raw`. */
function measureProps(node: unknown): number {
  const { anchor, tag } = (node ?? {}) as { readonly anchor?: string; readonly tag?: string };
  return (
    (anchor === undefined ? 0 : anchor.length + 2) + (tag === undefined || tag.startsWith('tag:') ? 0 : tag.length + 1)
  );
}

function hasComments(node: unknown): boolean {
  const { comment, commentBefore } = (node ?? {}) as Pick<Node, 'comment' | 'commentBefore'>;
  if (comment || commentBefore) return true;
  if (isPair(node)) return hasComments(node.key) || hasComments(node.value);
  return isCollection(node) && node.items.some(hasComments);
}
