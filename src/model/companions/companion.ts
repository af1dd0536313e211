/** What runs beside the flows of a run: services are processes of their own, stubs and proxies stand in that of testmesh. */
export type CompanionKind = 'service' | 'stub' | 'proxy';

/** Under which name flows find those of a kind. */
export const COMPANION_ROOTS = { service: 'services', stub: 'stubs', proxy: 'proxies' } as const;
export const COMPANION_KINDS = ['service', 'stub', 'proxy'] as const;

/** Which one it is; two of different kinds may have one name. */
export interface CompanionRef {
  readonly kind: CompanionKind;
  readonly name: string;
}

/** Tells it from all others: `stub users`. */
export function keyOfCompanion({ kind, name }: CompanionRef): string {
  return `${kind} ${name}`;
}

/** As people call it: `` stub `users` ``. */
export function describeCompanion({ kind, name }: CompanionRef): string {
  return `${kind} \`${name}\``;
}
