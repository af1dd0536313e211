import type { ActionDefinition } from '../model/action/definition.ts';
import { changeService } from './service/change-service.ts';
import { type ServiceSetting, serviceSettings } from './service/service-settings.ts';
import { serviceTraits } from './service/service-traits.ts';

/** Stops a service of the run and starts it again. */
export const serviceRestart: ActionDefinition<ServiceSetting> = {
  name: 'service_restart',
  summary: 'Stops a service of testmesh.yaml and starts it again, until it is ready',
  settings: serviceSettings,
  result: { keys: { duration_ms: 'number' } },
  judges: true,
  traits: serviceTraits,
  run: (setting, io) =>
    changeService(setting, io, async (services) => {
      const said = await services.stopOne(setting.service, 'stop');
      await services.startOne(setting.service, io.stop);
      return said;
    }),
};
