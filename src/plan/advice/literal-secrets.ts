import type { FlowPlan } from '../../model/plan.ts';
import { listPhases, listSteps, listWatches, ownChildren } from '../../model/walk-steps.ts';
import { schemeOf } from '../../util/hidden-fields.ts';
import { isSecretName, leaveSecretNames } from '../../util/secret-name.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';

const LOCAL_HOST = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/i;
/** Settings that say who one is. */
const SAY_WHO: ReadonlySet<string> = new Set(['auth', 'sasl', 'tls', 'headers', 'query', 'cookies']);
const SHORTEST = 8;
const PLACEHOLDER = /\{\{|\$\{|<</;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** A parameter of an address, up to what ends it. */
const PARAMETER = /[?&;]([\w.-]+)=([^&;#\s]+)/g;

/** Warns of secrets that are written out in a flow: as its variables, and in the settings of its steps; gives them, for they are masked. */
export function warnLiteralSecrets(flow: PlannedFlow, findings: Findings): NonNullable<FlowPlan['written']> {
  const written = new Writing(findings);
  for (const { origin, literal, name, span } of flow.declared) {
    if (origin !== 'env' || typeof literal !== 'string' || literal === '') continue;
    if (isSecretName(name) || hasPassword(literal)) written.add(literal, { shown: name, name, span });
    else addParameters(literal, { shown: name, span }, written);
  }
  for (const step of [...listSteps(listPhases(flow), ownChildren), ...listWatches(flow)]) addOfStep(step, written);
  return written.texts;
}

/** Where a secret stands, and the variable that it might be. */
interface Place {
  readonly shown: string;
  readonly name: string;
  readonly span: PlannedStep['span'];
}

/** Gathers what is written out, and warns of each. */
class Writing {
  readonly texts: string[] = [];
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(text: string, { shown, name, span }: Place): void {
    const token = text.slice(schemeOf(text).length).trim();
    if (!isName(token)) this.texts.push(text, ...(token === text ? [] : [token]));
    const help = `take it from the environment (\`env("${name}")\`) or \`--secret ${name}=…\`, and name it under \`secrets:\``;
    this.#findings.warn(CODES.literalSecret, `\`${shown}\` holds a secret in the file`, span, [help]);
  }
}

/** Passwords and keys in the settings of a step: where it says who it is, and in addresses. */
function addOfStep({ authored, config, isBroken }: PlannedStep, written: Writing): void {
  if (isBroken || typeof authored !== 'object' || authored === null) return;
  for (const [key, value] of Object.entries(authored)) {
    if (SAY_WHO.has(key)) addBelow(value, { path: [key], config }, written);
    else if (typeof value === 'string') {
      const span = config.spanAt([key]);
      if (hasPassword(value) || isWritten(key, value))
        written.add(value, { shown: key, name: nameVariable(key), span });
      else addParameters(value, { shown: key, span }, written);
    }
  }
}

function addBelow(
  value: unknown,
  { path, config }: Pick<PlannedStep, 'config'> & { readonly path: readonly string[] },
  written: Writing,
): void {
  // `api_key: {header, value}`
  const key = (path.at(-1) === 'value' ? path.at(-2) : path.at(-1)) ?? '';
  if (typeof value === 'object' && value !== null)
    for (const [name, part] of Object.entries(value)) addBelow(part, { path: [...path, name], config }, written);
  else if (typeof value === 'string' && isWritten(key, value))
    written.add(value, { shown: path.join('.'), name: nameVariable(key), span: config.spanAt(path) });
}

/** Keys among the parameters of an address. */
function addParameters(text: string, { shown, span }: Omit<Place, 'name'>, written: Writing): void {
  if (!/^(?:\{\{|\$\{|<<|[a-z][a-z0-9+.-]*:\/\/)/i.test(text)) return;
  for (const [, key = '', value = ''] of text.matchAll(PARAMETER))
    if (isWritten(key, value)) written.add(value, { shown: `${shown}?${key}`, name: nameVariable(key), span });
}

/** Whether a setting says who one is and has a value of its own, long enough to be none of a local stack. */
function isWritten(key: string, value: string): boolean {
  const isItself = !PLACEHOLDER.test(value) && !isName(value.slice(schemeOf(value).length));
  return isItself && ((isSecretName(key) && value.length >= SHORTEST) || PRIVATE_KEY.test(value));
}

/** Whether a text is the name of a variable as other tools fill it in. */
function isName(text: string): boolean {
  return leaveSecretNames(text).trim() === '';
}

function nameVariable(key: string): string {
  return key.replaceAll(/\W+/g, '_').toUpperCase();
}

/** Whether a text is an address with a password that is not of this machine. */
function hasPassword(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s]*:[^/\s]*@/i.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.password !== '' && !LOCAL_HOST.test(url.hostname);
}
