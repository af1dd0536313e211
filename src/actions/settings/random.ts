import type { Host } from '../../expr/index.ts';

/** A number from 0 (inclusive) to 1 (exclusive), from the run's seed; the middle where there is no flow. */
export function drawRandom(host: Host): number {
  const { random } = host;
  return typeof random === 'function' ? Number(random.call(host)) : 0.5;
}
