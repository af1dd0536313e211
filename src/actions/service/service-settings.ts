import * as z from 'zod/mini';
import type { ActionSettings, Mention } from '../../model/action/settings.ts';

const schema = z.strictObject({ service: z.string() });

/** Which service it is. */
export type ServiceSetting = z.output<typeof schema>;

/** The settings of all actions on a service: its name, as it stands. */
export const serviceSettings: ActionSettings<ServiceSetting> = {
  schema,
  verbatim: ['service'],
  mentions: mentionService,
};

function mentionService(authored: unknown): readonly Mention[] {
  const { service } = Object(authored);
  return typeof service === 'string' ? [{ id: service, kind: 'service', path: ['service'] }] : [];
}
