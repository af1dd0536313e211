import { isTelling } from '../../engine/events/hidden-beside.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { cleanLine } from '../../reporters/output/text.ts';
import { isSecretName } from '../../util/secret-name.ts';
import { quoteShell } from '../../util/shell-quote.ts';
import type { ChoiceFlags } from './choice-flags.ts';
import { OUTPUT_DIR, type RunFlags, type TimeFlags } from './flags.ts';
import { splitPair } from './given-inputs.ts';

type Repeated = Pick<
  RunFlags,
  'var' | 'secret' | 'varFile' | 'envFile' | 'env' | 'allowProtected' | 'outputDir' | 'services' | 'seed'
> &
  TimeFlags &
  Pick<ChoiceFlags, 'tags' | 'suite' | 'grep' | 'grepInvert'> &
  Partial<Pick<RunFlags, 'withSetup' | 'withTeardown' | 'offline' | 'replay'>>;

/** Of an address, or a field beside others: hidden by its place, however short. */
const HAS_PASSWORD = /:\/\/.*@|passw/is;
const MAX_VALUE = 200;

/**
 * The flags that a flow of this run needs to run again with the same values, as words of a shell; what is or may be a secret, and what
 * does not fit a line, is left to a variable of the shell that has the name: `--secret "TOKEN=$TOKEN"`.
 */
export function repeatFlags(
  flags: Repeated,
  flows: readonly Pick<FlowPlan, 'secrets'>[],
  mask: (text: string) => string,
): readonly string[] {
  const isShown = createValueCheck(flows, mask);
  const writeVariable = (pair: string): string => {
    const parts = splitPair(pair);
    return `--var ${parts && isShown(parts.name, parts.text) ? quoteShell(pair) : leaveToShell(pair)}`;
  };
  return [
    // Of a file with several flows they choose the same again.
    ...repeatText('--tags', flags.tags, mask),
    ...repeatText('--suite', flags.suite, mask),
    ...repeatText('--grep', flags.grep, mask),
    ...repeatText('--grep-invert', flags.grepInvert, mask),
    ...repeatText('--env', flags.env, mask),
    ...repeatText('--allow-protected', flags.allowProtected, mask),
    ...flags.envFile.map((file) => `--env-file ${quoteShell(file)}`),
    ...flags.varFile.map((file) => `--var-file ${quoteShell(file)}`),
    ...flags.var.map(writeVariable),
    ...flags.secret.map((pair) => `--secret ${leaveToShell(pair)}`),
    ...(flags.services === undefined ? [] : [`--services ${flags.services}`]),
    ...(flags.seed === undefined ? [] : [`--seed ${flags.seed}`]),
    ...repeatTime('--timeout', flags.timeout),
    ...repeatTime('--step-timeout', flags.stepTimeout),
    ...repeatTime('--teardown-timeout', flags.teardownTimeout),
    ...(flags.withSetup ? ['--with-setup'] : []),
    ...(flags.withTeardown ? ['--with-teardown'] : []),
    ...(flags.offline ? ['--offline', ...repeatText('--replay', flags.replay, mask)] : []),
    ...(flags.outputDir === OUTPUT_DIR ? [] : [`--output-dir ${quoteShell(flags.outputDir)}`]),
  ];
}

/** Makes what says of a variable whether its value can be shown: where nobody need have said that it is a secret, and on one line. */
export function createValueCheck(
  flows: readonly Pick<FlowPlan, 'secrets'>[],
  mask: (text: string) => string,
): (name: string, value: string) => boolean {
  const secrets = new Set(flows.flatMap((flow) => flow.secrets));
  return (name, value) =>
    !secrets.has(name) &&
    !isSecretName(name) &&
    !HAS_PASSWORD.test(value) &&
    mask(value) === value &&
    isPlain(value) &&
    value.length <= MAX_VALUE &&
    cleanLine(value) === value;
}

function repeatTime(flag: string, ms: number | undefined): readonly string[] {
  return ms === undefined ? [] : [`${flag} ${ms}ms`];
}

/** One that holds a secret, or characters that a line cannot, is left out: then more flows of the file run. */
function repeatText(flag: string, text: string | undefined, mask: (text: string) => string): readonly string[] {
  return text === undefined || mask(text) !== text || cleanLine(text) !== text ? [] : [`${flag} ${quoteShell(text)}`];
}

/** Words, numbers, what is short, and an address of such parts: of anything else nobody need have said that it is a secret. */
function isPlain(value: string): boolean {
  if (!isTelling(value)) return true;
  if (!URL.canParse(value)) return false;
  const { username, pathname, search, hash } = new URL(value);
  return [username, ...pathname.split('/'), search, hash].every((part) => !isTelling(part));
}

function leaveToShell(pair: string): string {
  const { name = '', operator = '=' } = splitPair(pair) ?? {};
  return `"${name.replaceAll('$', '\\$')}${operator}$${name.replaceAll('$', '_')}"`;
}
