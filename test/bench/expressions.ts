import { compile } from '../../src/expr/index.ts';
import type { Figure, Reading } from './figure.ts';
import { least, median, pairRatios, spread } from './statistics.ts';

const SOURCE = 'body.items[0].price * 2 == total && len(body.items) > 0';
const BY_HAND = 'return body.items[0].price * 2 === total && body.items.length > 0;';
const ROUNDS = 60;
const COMPILATIONS = 2000;
const EVALUATIONS = 20_000;

/** Compiling and evaluating an expression, against the same written in JavaScript. */
export const expressions: Figure = {
  name: 'expr',
  needsStack: false,
  async measure(): Promise<readonly Reading[]> {
    const body = { items: [{ price: 29.99 }, { price: 1 }] };
    const env = new Map<string, typeof body | number>([
      ['body', body],
      ['total', 59.98],
    ]);
    const compiled = compile(SOURCE);
    const byHand = makeByHand();
    if (compiled.evaluate(env) !== true || !byHand(body, 59.98)) throw new Error('the expression does not hold');
    let count = 0;
    const evaluating = compare(EVALUATIONS, {
      ours: () => compiled.evaluate(env),
      base: () => byHand(env.get('body') as typeof body, env.get('total') as number),
    });
    const compiling = compare(COMPILATIONS, {
      ours: () => compile(SOURCE),
      // Each with a text of its own, for V8 keeps what it compiled.
      base: () => new Function('body', 'total', `${BY_HAND}//${count++}`),
    });
    return [
      { figure: 'expression: compile / new Function', limit: 20, unit: '×', ...compiling },
      { figure: 'expression: evaluate / by hand', limit: 8, unit: '×', ...evaluating },
    ];
  },
};

type ByHand = (body: { readonly items: readonly { readonly price: number }[] }, total: number) => boolean;

function makeByHand(): ByHand {
  return new Function('body', 'total', BY_HAND) as ByHand;
}

let kept: unknown;

/** Times both in turns, a batch each. */
function compare(size: number, { ours, base }: { ours: () => unknown; base: () => unknown }) {
  const times: { ours: number[]; base: number[] } = { ours: [], base: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.base.push(timeBatch(size, base));
    times.ours.push(timeBatch(size, ours));
  }
  // The first third warms V8 up.
  const counted = { ours: times.ours.slice(ROUNDS / 3), base: times.base.slice(ROUNDS / 3) };
  const ratios = pairRatios(counted.ours, counted.base);
  const nanoseconds = (batch: readonly number[]) => ((least(batch) / size) * 1e6).toFixed(0);
  return {
    value: Math.min(median(ratios), least(counted.ours) / least(counted.base)),
    detail: `${spread(ratios)} ×, ${nanoseconds(counted.ours)} ns against ${nanoseconds(counted.base)} ns`,
  };
}

function timeBatch(size: number, call: () => unknown): number {
  const startedAt = performance.now();
  for (let index = 0; index < size; index++) kept = call();
  const elapsedMs = performance.now() - startedAt;
  // What is never looked at could be left out.
  if (kept === undefined) throw new Error('nothing was computed');
  return elapsedMs;
}
