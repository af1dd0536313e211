import type { ActionDefinition } from '../model/action/definition.ts';
import { changeService } from './service/change-service.ts';
import { type ServiceSetting, serviceSettings } from './service/service-settings.ts';
import { serviceTraits } from './service/service-traits.ts';

/** Starts a service of the run that was stopped. */
export const serviceStart: ActionDefinition<ServiceSetting> = {
  name: 'service_start',
  summary: 'Starts a service of testmesh.yaml that was stopped, and waits until it is ready',
  settings: serviceSettings,
  result: { keys: { duration_ms: 'number' } },
  judges: true,
  traits: serviceTraits,
  run: (setting, io) => changeService(setting, io, (services) => services.startOne(setting.service, io.stop)),
};
