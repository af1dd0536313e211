import type { ActionTraits } from '../../model/action/traits.ts';

/** All flows of the run stand on its services. */
export const serviceTraits: ActionTraits = { isAlone: true };
