import type { Value } from '../../expr/index.ts';
import { withCaptured } from './with-captured.ts';

/** A step's result as its id gives it, with what the step captured; made once somebody asks for it, for most ask for the captures alone. */
export class LaterResult {
  readonly #result: Value;
  readonly #captures: readonly { readonly name: string; readonly value: Value }[];
  #made: Value | undefined;

  constructor(result: Value, captures: readonly { readonly name: string; readonly value: Value }[]) {
    this.#result = result;
    this.#captures = captures;
  }

  get value(): Value {
    this.#made ??= withCaptured(
      this.#result,
      this.#captures.map(({ name, value }) => [name, value]),
    );
    return this.#made;
  }
}
