import { CaptureError } from '../../src/capture/capture-error.ts';
import {
  compile,
  compileTemplate,
  type Env,
  ExprError,
  type Host,
  isList,
  isMap,
  type NameUse,
  readKey,
  setKey,
  type Value,
} from '../../src/expr/index.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import type { ActionDefinition } from '../../src/model/action/definition.ts';
import type { ActionIo } from '../../src/model/action/io.ts';
import type { ActionOutcome } from '../../src/model/action/outcome.ts';
import { DiagnosticError } from '../../src/model/diagnostic.ts';
import type { ExpressionAt } from '../../src/model/expression-at.ts';
import type { Phase } from '../../src/model/phase.ts';
import type {
  AssertionPlan,
  CapturePlan,
  DeclaredVariable,
  FlowPlan,
  NameRef,
  Renderable,
  RetryPolicy,
  StepPlan,
} from '../../src/model/plan.ts';
import { createSourceFile, type SourceFile, type TextAt } from '../../src/model/source-file.ts';

const functions = createFunctions();

/** A step in short: expressions and templates as text. */
interface StepSpec {
  readonly id: string;
  readonly action: ActionDefinition<never> | ActionDefinition;
  readonly config?: Value;
  readonly name?: string;
  readonly when?: string;
  readonly skip?: string;
  readonly assert?: readonly (string | { expression: string; message: string })[];
  /** Variable ← path of keys (`body.id`); `secret:` in front makes it secret. */
  readonly output?: Readonly<Record<string, string>>;
  readonly retry?: Partial<RetryPolicy> & { maxAttempts: number };
  readonly timeoutMs?: number;
  readonly expectsError?: boolean;
  readonly onError?: 'fail' | 'continue';
  readonly children?: readonly StepSpec[];
  readonly cleanup?: readonly StepSpec[];
}

export interface FlowSpec {
  readonly id?: string;
  readonly env?: Readonly<Record<string, Value>>;
  readonly envFile?: Readonly<Record<string, Value>>;
  readonly secrets?: readonly string[];
  readonly timeoutMs?: number;
  readonly skip?: string;
  readonly setup?: readonly StepSpec[];
  readonly steps: readonly StepSpec[];
  readonly teardown?: readonly StepSpec[];
}

/** Plans a flow; every text gets a line of its own in a made-up file, so that places can be told apart. */
export function buildFlow(spec: FlowSpec): FlowPlan {
  const writer = new FileWriter();
  const id = spec.id ?? 'flow';
  const head = writer.write(`flow ${id}`);
  const declare = (origin: 'env' | 'env_file', values: Readonly<Record<string, Value>> = {}): DeclaredVariable[] =>
    Object.entries(values).map(([name, value]) => {
      const rendered = writer.renderable(value, 'env');
      const literal = rendered.renderable.isStatic ? { literal: value } : {};
      const isVolatile = typeof value === 'string' && /uuid|random|now\(|UUID|TIMESTAMP/.test(value);
      return {
        name,
        value: rendered.renderable as Renderable<Value>,
        origin,
        span: head.span,
        type: 'any',
        ...literal,
        isVolatile,
      };
    });
  const declared = [...declare('env_file', spec.envFile), ...declare('env', spec.env)];
  const plan = (phase: Phase, steps: readonly StepSpec[] = []): StepPlan[] =>
    steps.map((step) => buildStep(writer, step, phase, phase === 'steps' ? '' : `${phase}/`));
  return {
    id,
    name: `flow ${id}`,
    tags: [],
    skip: spec.skip,
    file: writer.file,
    span: head.span,
    declared,
    secrets: spec.secrets ?? [],
    timeoutMs: spec.timeoutMs === undefined ? undefined : fixed(spec.timeoutMs, head),
    setup: plan('setup', spec.setup),
    steps: plan('steps', spec.steps),
    teardown: plan('teardown', spec.teardown),
  };
}

/** An action that gives what a function gives for its settings; a plain map is its result. */
export function fakeAction(
  run: (config: Value, io: ActionIo) => Promise<ActionOutcome | undefined> | ActionOutcome | undefined = () =>
    undefined,
  more: Partial<ActionDefinition> = {},
): ActionDefinition {
  return {
    name: 'fake',
    summary: 'a fake',
    settings: {} as ActionDefinition['settings'],
    result: { keys: {} },
    judges: false,
    run: async (config, io) => (await run(config as Value, io)) ?? { result: {}, summary: '' },
    ...more,
  };
}

/** An action whose result is this. */
export function give(result: Readonly<Record<string, Value>>, summary = ''): ActionDefinition {
  return fakeAction(() => ({ result, summary }));
}

/** Compiles an expression at a place of its own. */
export function buildExpression(source: string): ExpressionAt {
  return new FileWriter().expression(source);
}

function buildStep(writer: FileWriter, spec: StepSpec, phase: Phase, prefix: string): StepPlan {
  const address = `${prefix}${spec.id}`;
  const { span } = writer.write(`id: ${spec.id}`);
  const config = writer.renderable(spec.config ?? {}, 'config');
  const name = spec.name === undefined ? undefined : writer.renderable(spec.name, 'name');
  const when = spec.when === undefined ? undefined : writer.expression(spec.when);
  const assert = (spec.assert ?? []).map((assertion): AssertionPlan => {
    if (typeof assertion === 'string') return writer.expression(assertion);
    const message = writer.renderable(assertion.message, 'assert').renderable as Renderable<string>;
    return { ...writer.expression(assertion.expression), message };
  });
  const children = (spec.children ?? []).map((child) => buildStep(writer, child, phase, `${address}>`));
  const output = Object.entries(spec.output ?? {}).map(([variable, path]) => buildCapture(writer, variable, path));
  const place = { span };
  const retry = spec.retry && {
    delayMs: 100,
    backoff: 'fixed' as const,
    maxDelayMs: undefined,
    jitter: 0,
    ...spec.retry,
  };
  return {
    address,
    phase,
    id: spec.id,
    name: name?.renderable as Renderable<string> | undefined,
    span,
    action: spec.action as ActionDefinition,
    config: config.renderable,
    when,
    skip: spec.skip,
    assert,
    output,
    retry: retry && fixed(retry, place),
    timeoutMs: spec.timeoutMs === undefined ? undefined : fixed(spec.timeoutMs, place),
    expectsError: spec.expectsError ?? false,
    onError: spec.onError ?? 'fail',
    children,
    cleanup: spec.cleanup?.map((undo) => buildStep(writer, undo, 'teardown', '')),
    needs: [
      ...config.needs,
      ...(when ? listNeeds(when.expression.names, when.text, 'when') : []),
      ...children.flatMap((child) => child.needs),
    ],
    provides: [...output.map((capture) => capture.name), ...children.flatMap((child) => child.provides)],
  };
}

function buildCapture(writer: FileWriter, name: string, source: string): CapturePlan {
  const secret = source.startsWith('secret:');
  const path = source.replace('secret:', '');
  const text = writer.write(path);
  const extract = (result: Value): Value => {
    let value: Value = result;
    for (const key of path.split('.')) {
      const next = isList(value) ? value[Number(key)] : isMap(value) ? readKey(value, key) : undefined;
      if (next === undefined) throw new CaptureError(`\`${key}\` is not there`, ['look at the keys']);
      value = next;
    }
    return value;
  };
  return { name, span: text.span, text, secret, extract };
}

function fixed<T>(value: T, { span }: Pick<TextAt, 'span'>): Renderable<T> {
  return { isStatic: true, span, render: () => value, spanAt: () => span };
}

function listNeeds(names: readonly NameUse[], text: TextAt, where: NameRef['where']): NameRef[] {
  return names
    .filter((use) => !use.optional)
    .map(({ name, path, offset, length }) => ({ name, path, where, span: text.locate(offset, length) }));
}

/** A source file that grows by a line with each text. */
class FileWriter {
  #text = '';
  readonly file: SourceFile;

  constructor() {
    const base = createSourceFile('flows/test.yaml', '/flows/test.yaml', '');
    let read = base;
    const refresh = (): SourceFile => {
      if (read.text !== this.#text) read = createSourceFile(base.path, base.absolutePath, this.#text);
      return read;
    };
    this.file = {
      path: base.path,
      absolutePath: base.absolutePath,
      get text() {
        return refresh().text;
      },
      get lineStarts() {
        return refresh().lineStarts;
      },
    };
  }

  write(text: string): TextAt {
    const start = this.#text.length;
    this.#text += `${text}\n`;
    const { file } = this;
    const locate = (offset: number, length = 1) => ({ file, start: start + offset, end: start + offset + length });
    return { text, span: { file, start, end: start + text.length }, locate };
  }

  expression(source: string): ExpressionAt {
    const text = this.write(source);
    return { expression: compile(source, { functions, placeholders: true }), text };
  }

  renderable(value: Value, where: NameRef['where']): { renderable: Renderable<unknown>; needs: NameRef[] } {
    const part = this.#compile(value, where);
    const text = this.write('value');
    const { render, needs, isStatic } = part;
    return { renderable: { isStatic, span: text.span, render, spanAt: () => text.span }, needs };
  }

  #compile(value: Value, where: NameRef['where']): Part {
    if (typeof value === 'string') return this.#compileText(value, where);
    if (isList(value)) {
      const parts = value.map((item) => this.#compile(item, where));
      return { ...merge(parts), render: (env, host) => parts.map((part) => part.render(env, host)) };
    }
    if (!isMap(value)) return { render: () => value, needs: [], isStatic: true };
    const parts = Object.entries(value).map(([key, item]) => ({ key, ...this.#compile(item, where) }));
    const render = (env: Env, host: Host): Value => {
      const map: { [key: string]: Value } = {};
      for (const part of parts) setKey(map, part.key, part.render(env, host));
      return map;
    };
    return { ...merge(parts), render };
  }

  #compileText(source: string, where: NameRef['where']): Part {
    const template = compileTemplate(source, { functions });
    if (template.isLiteral) return { render: () => source, needs: [], isStatic: true };
    const text = this.write(source);
    const render = (env: Env, host: Host): Value => {
      try {
        return template.render(env, host);
      } catch (error) {
        if (!(error instanceof ExprError)) throw error;
        const span = text.locate(error.offset, error.length);
        throw new DiagnosticError({ severity: 'error', code: 'TM301', message: error.message, span });
      }
    };
    return { render, needs: listNeeds(template.names, text, where), isStatic: false };
  }
}

interface Part {
  readonly render: (env: Env, host: Host) => Value;
  readonly needs: NameRef[];
  readonly isStatic: boolean;
}

function merge(parts: readonly Part[]): Pick<Part, 'needs' | 'isStatic'> {
  return { needs: parts.flatMap((part) => part.needs), isStatic: parts.every((part) => part.isStatic) };
}
