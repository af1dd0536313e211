import type { Resource } from '../../model/action/resources.ts';
import type { RunServices } from '../../model/companions/run-services.ts';
import type { RunEvent } from '../../model/events.ts';
import type { RunOptions } from './run-options.ts';

/** The key of the run's services among its resources. */
export const RUN_SERVICES = 'services';

/** Makes the run's services what the run asks, and ends, with its other resources: each keeps a limit of its own. */
export function holdServices(
  services: RunServices,
  { clock, interrupt }: Pick<RunOptions, 'clock' | 'interrupt'>,
  emit: (event: RunEvent) => void,
): Resource<RunServices> {
  return {
    value: services,
    finish: () => services.finish(),
    async close() {
      for (const text of await services.close(() => interrupt.undo.reason !== undefined))
        emit({ type: 'run_noted', at: clock.now(), level: 'warning', text });
    },
    closeMs: Number.POSITIVE_INFINITY,
  };
}
