import { BOUNDARY_DOCS } from './boundaries.ts';
import { CONTROL_DOCS } from './controls.ts';
import { DATA_DOCS } from './data.ts';
import { HTTP_DOCS } from './http.ts';
import { KAFKA_DOCS } from './kafka.ts';
import type { SettingDoc, SettingDocs } from './shared.ts';

const ALL: Readonly<Record<string, SettingDocs>> = {
  ...HTTP_DOCS,
  ...DATA_DOCS,
  ...KAFKA_DOCS,
  ...BOUNDARY_DOCS,
  ...CONTROL_DOCS,
};

/** What the settings of an action are for. */
export function docsOfSettings(action: string): SettingDocs {
  return ALL[action] ?? {};
}

/** A setting in one line: what it is for, and its default. */
export function writeSettingDoc([says, otherwise]: SettingDoc): string {
  return otherwise === undefined ? says : `${says} (default ${otherwise})`;
}
