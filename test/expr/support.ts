import { compile, compileTemplate, type Env, ExprError, type Host, type Value } from '../../src/expr/index.ts';

/** A host whose clock stands still. */
export const host: Host = { now: () => Date.UTC(2026, 0, 31, 10) };

/** Makes an environment of a record. */
export function createEnv(names: { readonly [name: string]: Value } = {}): Env {
  return new Map(Object.entries(names));
}

/** Evaluates a source over names. */
export function evaluate(source: string, names: { readonly [name: string]: Value } = {}): Value {
  return compile(source, { placeholders: true }).evaluate(createEnv(names), host);
}

/** Renders a text over names. */
export function render(text: string, names: { readonly [name: string]: Value } = {}): Value {
  return compileTemplate(text).render(createEnv(names), host);
}

/** Runs and gives the error that must come; anything else that is thrown, or nothing, fails the test. */
export function catchError(run: () => unknown): ExprError {
  try {
    run();
  } catch (error) {
    if (error instanceof ExprError) return error;
    throw error;
  }
  throw new Error('expected an ExprError');
}

/** Draws an error under its source, on one line each: kind and message, carets, hint. */
export function drawError(source: string, error: ExprError): string {
  const carets = ' '.repeat(error.offset) + '^'.repeat(Math.max(1, error.length));
  const hint = error.hint === undefined ? [] : [`hint: ${error.hint}`];
  return [`${error.kind}: ${error.message}`, source, carets, ...hint].join('\n');
}
