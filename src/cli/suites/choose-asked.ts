import type { FlowPlan } from '../../model/plan.ts';
import type { ChoiceFlags } from '../arguments/choice-flags.ts';
import { chooseNamed, chooseSuite } from './choose-named.ts';
import { chooseTagged } from './choose-tagged.ts';

/** The flows that all of the flags choose, in their order. @throws UsageError when a flag cannot be read, or no flow is left */
export function chooseAsked(flows: readonly FlowPlan[], flags: ChoiceFlags): readonly FlowPlan[] {
  return chooseNamed(chooseSuite(chooseTagged(flows, flags.tags), flags.suite), flags);
}
