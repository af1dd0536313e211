import type { Thunk } from '../evaluate/frame.ts';
import type { NodeOf } from '../syntax/ast.ts';
import { describeType } from '../values/describe.ts';
import { setKey, type Value } from '../values/value.ts';
import { type Compiler, createEvaluationError } from './compiler.ts';
import { insertValue } from './insert.ts';

/** Compiles a list. */
export function compileList(compiler: Compiler, node: NodeOf<'list'>): Thunk {
  const items = node.items.map((item) => compiler.compile(item));
  return (frame) => {
    frame.makeItems(items.length);
    return items.map((item) => item(frame));
  };
}

/** Compiles a map; a repeated key keeps its first value. */
export function compileMap(compiler: Compiler, node: NodeOf<'map'>): Thunk {
  const entries = node.entries.map((entry) => ({
    node: entry.key,
    key: compiler.compile(entry.key),
    value: compiler.compile(entry.value),
  }));
  return (frame) => {
    frame.makeItems(entries.length);
    const map: { [key: string]: Value } = {};
    for (const entry of entries) {
      const key = entry.key(frame);
      if (typeof key !== 'string') {
        throw createEvaluationError(entry.node, `a key of a map must be a string, got ${describeType(key)}`);
      }
      const value = entry.value(frame);
      if (!Object.hasOwn(map, key)) setKey(map, key, value);
    }
    return map;
  };
}

/** Compiles a quoted text with placeholders. */
export function compileText(compiler: Compiler, node: NodeOf<'text'>): Thunk {
  const parts = node.parts.map((part) =>
    typeof part === 'string' ? part : { node: part, value: compiler.compile(part) },
  );
  return (frame) => {
    let text = '';
    for (const part of parts) {
      const piece =
        typeof part === 'string' ? part : insertValue(part.value(frame), { node: part.node, source: compiler.source });
      frame.makeText(piece.length);
      text += piece;
    }
    return text;
  };
}

/** Compiles `a; b; c`: all are evaluated, the last one counts. */
export function compileSequence(compiler: Compiler, node: NodeOf<'sequence'>): Thunk {
  const items = node.items.map((item) => compiler.compile(item));
  return (frame) => {
    let value: Value = null;
    for (const item of items) value = item(frame);
    return value;
  };
}
