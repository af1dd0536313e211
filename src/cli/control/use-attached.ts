import type { Clock } from '../../model/action/resources.ts';
import { keyOfCompanion } from '../../model/companions/companion.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { Starter } from '../../services/starter.ts';
import { type CompanionHooks, createRenderer } from '../companions/create-companions.ts';
import { listInputs } from '../companions/starter-inputs.ts';
import type { Attached } from './attach.ts';
import { AttachedService } from './attached-service.ts';
import { openAttached } from './attached-starters.ts';

/** Has a run use what runs in `testmesh up` in the place of what it would start itself. */
export function useAttached(
  attached: Attached,
  { inputs, clock }: { inputs: GivenInputs; clock: Clock },
): Pick<CompanionHooks, 'attach'> {
  const { runId, seed, companions } = attached.facts;
  const byKey = new Map(companions.map((one) => [keyOfCompanion(one), one]));
  // As it was rendered there, but for what this run is given otherwise.
  const render = createRenderer({ inputs, clock, runId, seed });
  return {
    attach(plan, { io, values }) {
      const found = byKey.get(keyOfCompanion(plan));
      if (!found) return undefined;
      if (plan.kind === 'service')
        return new AttachedService({ plan, found, attached, learn: io.learn, render: () => render(plan, values()) });
      const open = () => openAttached(plan, io.openSettings(plan.flow, listInputs(plan, inputs)), { attached, found });
      return new Starter(plan, { open, note: io.note, origin: 'attached' });
    },
  };
}
