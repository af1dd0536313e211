import type { ActionDefinition } from '../model/action/definition.ts';
import { changeService } from './service/change-service.ts';
import { type ServiceSetting, serviceSettings } from './service/service-settings.ts';
import { serviceTraits } from './service/service-traits.ts';

/** Stops a service of the run, as its settings say. */
export const serviceStop: ActionDefinition<ServiceSetting> = {
  name: 'service_stop',
  summary: 'Stops a service of testmesh.yaml as its `stop` says, with all that it started',
  settings: serviceSettings,
  result: { keys: { duration_ms: 'number' } },
  judges: true,
  traits: serviceTraits,
  run: (setting, io) => changeService(setting, io, (services) => services.stopOne(setting.service, 'stop')),
};
