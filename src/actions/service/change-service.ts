import type { ActionIo } from '../../model/action/io.ts';
import { ActionError, type ActionOutcome } from '../../model/action/outcome.ts';
import type { ServicesInUse } from '../../model/companions/services-in-use.ts';
import { formatDuration } from '../../util/duration.ts';
import type { ServiceSetting } from './service-settings.ts';

/** Changes a service of the run; at the flow's end it is running again. */
export async function changeService(
  { service }: ServiceSetting,
  io: ActionIo,
  change: (services: ServicesInUse) => Promise<readonly string[]>,
): Promise<ActionOutcome> {
  const { services } = io.facts;
  if (!services) throw new ActionError({ kind: 'authoring', message: `service \`${service}\` does not run here` });
  await io.resources.open('services that run again', async () => ({
    value: undefined,
    finish: () => services.restore(),
    close: async () => undefined,
  }));
  const startedAt = io.clock.monotonic();
  for (const text of await change(services)) io.report.note(text);
  const durationMs = Math.round(io.clock.monotonic() - startedAt);
  return { result: { duration_ms: durationMs }, summary: `\`${service}\` in ${formatDuration(durationMs)}` };
}
