import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import { createCaselessMap, ExactNumber, ExprError, type Value } from '../../src/expr/index.ts';

/** What a step may have given. */
export const sampleResult = {
  status: 200,
  headers: createCaselessMap([['Content-Type', 'application/json']]),
  body: {
    id: 'u1',
    email: null,
    total: new ExactNumber('9007199254740993'),
    'odd key': { 'a.b': 1 },
    items: [
      { id: 1, price: 5, tags: ['x'] },
      { id: 2, price: 20, tags: [] },
      { id: 3, tags: ['x', 'y'] },
    ],
    empty: [],
    status: 'pending',
  },
} satisfies Value;

/** What a path finds. */
export function findPath(path: string, from: Value = sampleResult, names: Readonly<Record<string, Value>> = {}): Value {
  return compilePath(path).find(from, new Map(Object.entries(names)), { now: () => 0 });
}

/** The message and hints of a path that finds nothing. */
export function explainPath(path: string, from?: Value, names?: Readonly<Record<string, Value>>): readonly string[] {
  const error = catchError(() => findPath(path, from, names));
  if (error instanceof CaptureError) return [error.message, ...error.hints];
  throw error;
}

/** The refusal of a path that is not one. */
export function refusePath(path: string): ExprError {
  const error = catchError(() => compilePath(path));
  if (error instanceof ExprError) return error;
  throw error;
}

/** What is thrown. */
export function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return new Error('nothing was thrown');
}
