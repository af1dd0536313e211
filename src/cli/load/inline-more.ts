import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 put more of what is called into the place of the call: what an iteration takes is spread over hundreds of short functions, and by itself
 * V8 stops half-way through them. More than this costs a load again what it saved. Measured by `npm run bench -- load`.
 */
export function inlineMore(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');
  setFlagsFromString('--max-inlined-bytecode-size=800');
}
