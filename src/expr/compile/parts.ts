import { type Env, Frame, type Host, type Thunk } from '../evaluate/frame.ts';
import type { Node } from '../syntax/ast.ts';
import { ExprError } from '../values/error.ts';
import type { Value } from '../values/value.ts';
import { type CompileOptions, compileNode } from './compile.ts';
import { collectUses } from './free-names.ts';
import { readStep, readStepOf } from './key-reads.ts';

/** Where keys are looked for: the names, and what works out the value of what is no path from one. */
export interface Place {
  readonly env: Env;
  /** The value of a part; undefined where it has none. */
  readonly compute?: (part: Node) => Value | undefined;
}

/** What a part comes to, most often a path from a name; undefined where it leads to nothing. */
export function readPart(node: Node, place: Place): Value | undefined {
  if (node.kind === 'name') return place.env.get(node.name);
  if (node.kind === 'chain') return readPart(node.body, place);
  const step = readStep(node);
  if (!step) return place.compute?.(node);
  return readStepOf(readPart(step.object, place), step.key);
}

/** What a path from a name leads to, as it is written out; undefined where it leads to nothing. */
export function resolvePath(node: Node, env: Env): Value | undefined {
  return readPart(node, { env });
}

/** Whether a function gives the same when it is called again. */
export function isPureCall(name: string, { functions }: CompileOptions): boolean {
  return name !== 'now' && functions?.get(name)?.pure !== false;
}

/** Works out parts of one expression once more, after it was evaluated; what they remark has been said. */
export class Parts {
  readonly #source: string;
  readonly #options: CompileOptions;
  readonly #thunks = new Map<Node, Thunk | undefined>();

  constructor(source: string, options: CompileOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** Those of one evaluation, each worked out once; together they may cost no more than it. */
  over(env: Env, host: Host | undefined): Place {
    let frame: Frame | undefined;
    let values: Map<Node, Value | undefined> | undefined;
    const compute = (part: Node): Value | undefined => {
      frame ??= new Frame(env, host);
      values ??= new Map();
      if (!values.has(part)) values.set(part, this.#compute(part, frame));
      return values.get(part);
    };
    return { env, compute };
  }

  #compute(part: Node, frame: Frame): Value | undefined {
    return evaluateHeard(() => this.#compile(part)?.(frame), frame.host, undefined);
  }

  #compile(part: Node): Thunk | undefined {
    if (this.#thunks.has(part)) return this.#thunks.get(part);
    // What fails to compile does so for good.
    this.#thunks.set(part, undefined);
    const isPure = collectUses(part).calls.every((name) => isPureCall(name, this.#options));
    if (isPure) this.#thunks.set(part, compileNode(this.#source, part, this.#options, false));
    return this.#thunks.get(part);
  }
}

/** The value of what is evaluated aside, where it has one; what the host is told meanwhile somebody else hears. */
export function evaluateHeard<T>(evaluate: () => T, host: Host | undefined, onRemark: Host['onRemark']): T | undefined {
  const before = host?.onRemark;
  if (host) host.onRemark = onRemark;
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof ExprError) return undefined;
    throw error;
  } finally {
    if (host) host.onRemark = before;
  }
}
