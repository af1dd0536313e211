import { limitExtent } from '../evaluate/extent.ts';
import type { Frame, Thunk } from '../evaluate/frame.ts';
import type { FunctionDef } from '../evaluate/function-def.ts';
import type { Node } from '../syntax/ast.ts';
import { compileAccess, compileChain } from './compile-access.ts';
import { compileCall } from './compile-calls.ts';
import { compileList, compileMap, compileSequence, compileText } from './compile-literals.ts';
import { compileFallback, compileLet, compileName, compilePointer } from './compile-names.ts';
import { compileBinary, compileComparison, compileConditional, compileUnary } from './compile-operators.ts';
import type { Compiler } from './compiler.ts';

/** What names and functions a source may use; without `names` every name is taken to be there. */
export interface CompileOptions {
  names?: ReadonlySet<string> | ((name: string) => boolean);
  functions?: ReadonlyMap<string, FunctionDef>;
  placeholders?: boolean;
}

const noFunctions: ReadonlyMap<string, FunctionDef> = new Map();

/** Compiles a tree to a closure; `isTraced` makes it keep the value of every node in the frame's trace. */
export function compileNode(source: string, ast: Node, options: CompileOptions, isTraced: boolean): Thunk {
  const { names } = options;
  let slotCount = 0;
  const compiler: Compiler = {
    source,
    ast,
    isTraced,
    functions: options.functions ?? noFunctions,
    knowsName: names === undefined ? undefined : typeof names === 'function' ? names : (name) => names.has(name),
    nameList: () => (names === undefined || typeof names === 'function' ? [] : names),
    variables: new Map(),
    pointers: undefined,
    takeSlot: () => slotCount++,
    compile: (node) => (isTraced ? traceThunk(node, compileKind(compiler, node)) : compileKind(compiler, node)),
  };
  return limitExtent(ast, compiler.compile(ast));
}

function traceThunk(node: Node, thunk: Thunk): Thunk {
  return (frame: Frame) => {
    const value = thunk(frame);
    frame.trace?.values.set(node, value);
    return value;
  };
}

function compileKind(compiler: Compiler, node: Node): Thunk {
  switch (node.kind) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(compiler, node);
    case 'member':
    case 'index':
    case 'slice':
    case 'method':
      return compileAccess(compiler, node);
    case 'binary':
      return compileBinary(compiler, node);
    case 'call':
      return compileCall(compiler, node);
    case 'unary':
      return compileUnary(compiler, node);
    default:
      return compileRareKind(compiler, node);
  }
}

type RareNode = Exclude<
  Node,
  { kind: 'literal' | 'name' | 'member' | 'index' | 'slice' | 'method' | 'binary' | 'call' | 'unary' }
>;

function compileRareKind(compiler: Compiler, node: RareNode): Thunk {
  switch (node.kind) {
    case 'chain':
      return compileChain(compiler, node);
    case 'comparison':
      return compileComparison(compiler, node);
    case 'conditional':
      return compileConditional(compiler, node);
    case 'list':
      return compileList(compiler, node);
    case 'map':
      return compileMap(compiler, node);
    case 'text':
      return compileText(compiler, node);
    case 'pointer':
      return compilePointer(compiler, node);
    case 'fallback':
      return compileFallback(compiler, node);
    case 'let':
      return compileLet(compiler, node);
    case 'sequence':
      return compileSequence(compiler, node);
    case 'predicate':
      return compiler.compile(node.body);
    default:
      return node satisfies never;
  }
}
