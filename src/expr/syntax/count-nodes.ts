import { listChildren, type Node } from './ast.ts';

/** Counts the nodes of a tree. */
export function countNodes(node: Node): number {
  let count = 1;
  for (const child of listChildren(node)) count += countNodes(child);
  return count;
}
