import { versions } from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 optimise as early as it does by itself, and look for garbage before there is much of it: a command that is over soon starts with other flags (`cli/bin.ts`), and what
 * serves thousands of requests in it would pay for that. Code caches read after it do not fit any more, so it is for those alone.
 */
export function expectManyCalls(): void {
  const [major = '0'] = versions.node.split('.');
  if (Number(major) < 22) {
    setFlagsFromString('--ticks-before-optimization=3');
    setFlagsFromString('--bytecode-size-allowance-per-tick=150');
    setFlagsFromString('--max-bytecode-size-for-early-opt=81');
  }
  setFlagsFromString('--sparkplug');
  // What is kept of thousands of requests dies old: V8 would let the heap grow fourfold before it looks (188 MB in the place of 155 after 50,000).
  setFlagsFromString('--heap-growing-percent=50');
}
