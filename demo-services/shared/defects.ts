import type { ServiceName } from './names.ts';

/** The faults that can be planted: who carries each, and what it does. Adding one is a line here and a use there. */
export const defects = {
  order_event_missing: { service: 'order-service', sentence: 'orders are stored, but order.placed is never published' },
  order_total_wrong: { service: 'order-service', sentence: 'the total of an order is one cent too high' },
  notification_missing: { service: 'notification-service', sentence: 'order.placed makes no notification' },
} as const satisfies Record<string, { service: ServiceName; sentence: string }>;

export type DefectName = keyof typeof defects;

/** Reads the value of DEFECT; nothing and the empty text mean none, a name that is not in the registry is an error. */
export function parseDefect(text: string | undefined): DefectName | undefined {
  if (text === undefined || text === '') return undefined;
  if (isDefectName(text)) return text;
  const known = Object.keys(defects).join('`, `');
  throw new Error(`unknown defect \`${text}\`; known are \`${known}\``);
}

/** The defect that this service has to show, if the one given is its own. */
export function ownDefect(service: ServiceName, defect: DefectName | undefined): DefectName | undefined {
  return defect !== undefined && defects[defect].service === service ? defect : undefined;
}

function isDefectName(text: string): text is DefectName {
  return Object.hasOwn(defects, text);
}
