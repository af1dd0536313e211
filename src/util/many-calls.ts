import { versions } from 'node:process';
import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 optimise as early as it does by itself: a command that is over soon starts with other flags (`cli/bin.ts`), and what
 * serves thousands of requests in it would pay for that. Code caches read after it do not fit any more, so it is for those alone.
 */
export function expectManyCalls(): void {
  const [major = '0'] = versions.node.split('.');
  if (Number(major) < 22) setFlagsFromString('--interrupt-budget=67584');
  setFlagsFromString('--sparkplug');
}
