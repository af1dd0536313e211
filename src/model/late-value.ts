import type { Env, Host, Value } from '../expr/index.ts';

/** A setting that the action renders while it runs, with more names than the flow's: the answer of a stub. */
export class LateValue {
  readonly #render: (env: Env, host: Host) => unknown;
  /** Gives it as authored; absent where a placeholder gave it. */
  readonly toAuthored: (() => unknown) | undefined;

  constructor(render: (env: Env, host: Host) => unknown, toAuthored?: () => unknown) {
    this.#render = render;
    this.toAuthored = toAuthored;
  }

  /** @throws DiagnosticError when a placeholder in it gives nothing */
  render(env: Env, host: Host): Value {
    return this.#render(env, host) as Value;
  }
}
