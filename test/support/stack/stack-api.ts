/** @public `build.ts` bundles it. */
export { MissingPrerequisite } from '../../../demo-services/stack/missing.ts';
/** @public `build.ts` bundles it. */
export { startStack } from '../../../demo-services/stack/stack.ts';
