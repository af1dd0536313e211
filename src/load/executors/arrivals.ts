import type { ConstantArrivalExecutor, RampingArrivalExecutor } from '../../model/load/load-plan.ts';
import { type Slice, WHOLE } from './slice.ts';

/** So near to a whole arrival is one: what is left of adding up stages. */
const TINY = 1e-9;

/** When iterations are to begin, ms from the scenario's start: those of all that are in the slice. */
export function* listArrivals(
  executor: ConstantArrivalExecutor | RampingArrivalExecutor,
  slice: Slice = WHOLE,
): Generator<number> {
  let index = 0;
  for (const atMs of executor.kind === 'constant-arrival-rate' ? listConstant(executor) : listRamping(executor))
    if (slice.has(index++)) yield atMs;
}

function* listConstant({ rate, timeUnitMs, durationMs }: ConstantArrivalExecutor): Generator<number> {
  for (let count = 0; ; count++) {
    const atMs = (count * timeUnitMs) / rate;
    if (atMs >= durationMs) return;
    yield atMs;
  }
}

/** The n-th begins when the rate, added up since the start, comes to n. */
function* listRamping({ startRate, timeUnitMs, stages }: RampingArrivalExecutor): Generator<number> {
  let from = startRate / timeUnitMs;
  let startMs = 0;
  let before = 0;
  let count = 1;
  for (const { durationMs, target } of stages) {
    const to = target / timeUnitMs;
    const total = ((from + to) / 2) * durationMs;
    for (; count - before <= total + TINY; count++)
      yield startMs + solve({ from, to, durationMs, wanted: Math.max(0, count - before) });
    before += total;
    startMs += durationMs;
    from = to;
  }
}

/** When a rate that goes evenly from one value to another has come to so much in all. */
function solve({
  from,
  to,
  durationMs,
  wanted,
}: Readonly<Record<'from' | 'to' | 'durationMs' | 'wanted', number>>): number {
  const slope = (to - from) / durationMs;
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * wanted));
  return wanted === 0 ? 0 : Math.min(durationMs, (2 * wanted) / (from + root));
}
