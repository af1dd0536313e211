import { schemeOf } from '../../util/hidden-fields.ts';
import { isSecretName, leaveSecretNames } from '../../util/secret-name.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/i;
/** Settings that say who one is. */
const SAY_WHO: ReadonlySet<string> = new Set(['auth', 'sasl', 'tls', 'headers']);
const SHORTEST = 8;

/** Warns of variables whose value is a secret that stands in the file. */
export function warnLiteralSecrets(flow: PlannedFlow, findings: Findings): void {
  for (const variable of flow.declared) {
    if (variable.origin !== 'env' || typeof variable.literal !== 'string' || variable.literal === '') continue;
    if (isSecretName(variable.name) || hasPassword(variable.literal))
      warnSecret(variable.name, { name: variable.name, span: variable.span }, findings);
  }
}

/** Warns of passwords and keys that are written out in the settings of a step: where it says who it is, and in addresses. */
export function warnWrittenSecrets({ authored, config, isBroken }: PlannedStep, findings: Findings): void {
  if (isBroken || typeof authored !== 'object' || authored === null) return;
  for (const [key, value] of Object.entries(authored)) {
    if (SAY_WHO.has(key)) warnBelow(value, { path: [key], config }, findings);
    else if (typeof value === 'string' && (hasPassword(value) || isWritten(key, value)))
      warnSecret(key, { name: nameVariable(key), span: config.spanAt([key]) }, findings);
  }
}

function warnBelow(
  value: unknown,
  { path, config }: Pick<PlannedStep, 'config'> & { readonly path: readonly string[] },
  findings: Findings,
): void {
  const key = path.at(-1) ?? '';
  if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) warnBelow(part, { path: [...path, name], config }, findings);
  else if (typeof value === 'string' && isWritten(key, value))
    warnSecret(path.join('.'), { name: nameVariable(key), span: config.spanAt(path) }, findings);
}

/** Whether a setting says who one is and has a value of its own, long enough to be none of a local stack. */
function isWritten(key: string, value: string): boolean {
  const isItself = !/\{\{|\$\{|<</.test(value) && leaveSecretNames(value.slice(schemeOf(value).length)).trim() !== '';
  return isSecretName(key) && value.length >= SHORTEST && isItself;
}

function nameVariable(key: string): string {
  return key.replaceAll(/\W+/g, '_').toUpperCase();
}

function warnSecret(
  shown: string,
  { name, span }: { readonly name: string; readonly span: PlannedStep['span'] },
  findings: Findings,
): void {
  const help = `take it from the environment (\`env("${name}")\`) or \`--secret ${name}=…\`, and name it under \`secrets:\``;
  findings.warn(CODES.literalSecret, `\`${shown}\` holds a secret in the file`, span, [help]);
}

/** Whether a text is an address with a password that is not of this machine. */
function hasPassword(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/i.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.password !== '' && !LOCAL_HOST.test(url.hostname);
}
