import type { $ZodIssue } from 'zod/v4/core';
import { BROKEN, findPart, type Part, type Path } from './part.ts';

/**
 * Whether what a schema found is wrong whatever the placeholders give; `path` leads to what the issue is about, of an unknown key
 * to what has it.
 */
export function isSure(issue: $ZodIssue, path: Path, root: Part): boolean {
  if (isTextForSure(path, root) && issue.code === 'invalid_type' && NO_TEXT.has(issue.expected)) return true;
  if (isOpen(path, root)) return false;
  if (issue.code !== 'invalid_union') return true;
  return issue.errors.every((branch) => branch.some((inner) => isSure(inner, [...path, ...readPath(inner)], root)));
}

/** What no text is, whatever is filled into it. */
const NO_TEXT: ReadonlySet<string> = new Set(['object', 'record', 'array']);

/** Whether placeholders stand among other text there: one alone may give a map or a list. */
function isTextForSure(path: Path, root: Part): boolean {
  const { part, depth } = findPart(root, path);
  return (
    part.kind === 'template' &&
    depth === path.length &&
    !/^\s*\{\{(?:(?!\}\}).)*\}\}\s*$|^\s*\$\{[^{}]*\}\s*$/s.test(part.text.text)
  );
}

/** Whether only the run knows what stands there; what is broken was reported. */
function isOpen(path: Path, root: Part): boolean {
  const { part } = findPart(root, path);
  return part.kind === 'template' || (part.kind === 'ready' && part.value === BROKEN);
}

function readPath({ path }: $ZodIssue): Path {
  return path.map((key) => (typeof key === 'number' ? key : String(key)));
}
