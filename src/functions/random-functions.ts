import type { FunctionDef } from '../expr/index.ts';
import { argumentError, takeWhole } from './arguments.ts';
import { type FlowHost, requireService } from './flow-host.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MAX_LENGTH = 100_000;
const BITS_32 = 4_294_967_296;

/** Random values; they come from the run's seed. */
export const randomFunctions: readonly FunctionDef[] = [
  {
    name: 'uuid',
    minArgs: 0,
    maxArgs: 0,
    pure: false,
    summary: 'a new UUID on each call',
    call: (_args, host) => requireService(host, 'uuid', 'uuid').uuid(),
  },
  {
    name: 'random_int',
    minArgs: 2,
    maxArgs: 2,
    pure: false,
    summary: 'a whole number from a to b, both included',
    call(args, host) {
      const call = { name: 'random_int', args };
      const [least, most] = [takeWhole(call, 0), takeWhole(call, 1)];
      if (least > most) throw argumentError(`\`random_int\` takes the smaller number first, got ${least} and ${most}`);
      return least + drawBelow(most - least + 1, requireService(host, 'random', 'random_int'));
    },
  },
  {
    name: 'random_string',
    minArgs: 1,
    maxArgs: 1,
    pure: false,
    summary: 'n lowercase letters and digits',
    call(args, host) {
      const length = takeWhole({ name: 'random_string', args });
      if (length < 0 || length > MAX_LENGTH) {
        throw argumentError(`\`random_string\` takes a length from 0 to ${MAX_LENGTH}, got ${length}`);
      }
      const services = requireService(host, 'random', 'random_string');
      return Array.from({ length }, () => ALPHABET[drawBelow(ALPHABET.length, services)] ?? '').join('');
    },
  },
];

/** A whole number from 0 to below `count`; beyond 32 bits from two draws. */
function drawBelow(count: number, host: FlowHost): number {
  if (count <= BITS_32) return Math.floor(host.random() * count);
  const high = Math.floor(host.random() * 2 ** 21);
  const fraction = (high * BITS_32 + Math.floor(host.random() * BITS_32)) / 2 ** 53;
  return Math.min(count - 1, Math.floor(fraction * count));
}
