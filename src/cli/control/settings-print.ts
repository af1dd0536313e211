import { createHash } from 'node:crypto';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import { CompanionError, nameWithPlace } from '../../services/companion.ts';
import { listNames } from '../../util/suggest.ts';

/** What a companion was started with: a digest for each setting, for they hold secrets. */
export type SettingsPrint = Readonly<Record<string, string>>;

/** What tells a stub that runs from another: all else is what the run says. */
const OF_STUB: ReadonlySet<string> = new Set(['port', 'tls']);

/** Makes the print of rendered settings. */
export function printSettings(plan: ProjectCompanion, settings: unknown): SettingsPrint {
  const { env = {}, ...others } = { ...Object(settings) };
  const all = Object.entries(others).filter(([key]) => plan.kind !== 'stub' || OF_STUB.has(key));
  const variables = Object.entries(env).map(([name, value]) => [`env.${name}`, value] as const);
  const ofFile =
    plan.kind === 'service' ? [...plan.envFile].map(([name, value]) => [`env_file: ${name}`, value] as const) : [];
  return Object.fromEntries([...all, ...variables, ...ofFile].map(([key, value]) => [key, digest(value)]));
}

/** Holds what runs against how this run would start it. @throws CompanionError where they differ */
export function checkPrint(plan: ProjectCompanion, settings: unknown, found: SettingsPrint): void {
  const own = printSettings(plan, settings);
  const keys = new Set([...Object.keys(own), ...Object.keys(found)]);
  const different = [...keys].filter((key) => own[key] !== found[key]);
  if (different.length === 0) return;
  const what = listNames(different);
  const message = `${nameWithPlace(plan)} runs in \`testmesh up\` with another ${what} than this run would give it: start \`testmesh up\` again`;
  throw new CompanionError(message, true);
}

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')
    .slice(0, 16);
}
