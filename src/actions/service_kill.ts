import type { ActionDefinition } from '../model/action/definition.ts';
import { changeService } from './service/change-service.ts';
import { type ServiceSetting, serviceSettings } from './service/service-settings.ts';
import { serviceTraits } from './service/service-traits.ts';

/** Ends a service of the run as a crash would. */
export const serviceKill: ActionDefinition<ServiceSetting> = {
  name: 'service_kill',
  summary: 'Kills a service of testmesh.yaml with SIGKILL, as a crash would',
  settings: serviceSettings,
  result: { keys: { duration_ms: 'number' } },
  judges: true,
  traits: serviceTraits,
  run: (setting, io) => changeService(setting, io, (services) => services.stopOne(setting.service, 'kill')),
};
