import type { ActionFields, SettingField, SettingType } from './fields.ts';

const SETTINGS: Readonly<Record<SettingType, unknown>> = {
  string: 'text',
  number: 1,
  bool: true,
  duration: '1s',
  array: [1],
  map: { name: 'text' },
  any: 'text',
};
const RESULTS: Readonly<Record<string, unknown>> = {
  bool: true,
  number: 1,
  string: 'text',
  array: [1],
  map: { name: 'text' },
  any: 'text',
};

/** Settings that the action accepts, without those that may be absent. */
export function sampleSettings(settings: readonly SettingField[]): Readonly<Record<string, unknown>> {
  const needed = settings.filter(({ isOptional }) => !isOptional);
  return Object.fromEntries(needed.map(({ name, type }) => [name, SETTINGS[type]]));
}

/** A result that is what the fields say. */
export function sampleResult(result: ActionFields['result']): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...result].map(([key, kind]) => [key, RESULTS[kind.replace('?', '')]]));
}
