import { isTelling } from '../../engine/events/hidden-beside.ts';
import { createSecrets } from '../../engine/events/secrets.ts';
import type { Value } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { positionAt, type SourceFile } from '../../model/source-file.ts';
import { withCalledFlows } from '../../plan/select/called-flows.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { isSecretLike, isSecretName, leaveSecretNames } from '../../util/secret-name.ts';
import { findEnvSecrets } from './env-secrets.ts';
import { findWrittenSecrets } from './written-secrets.ts';

/** `password`, `Test`, `user1`: also in names, keys and what is advised. */
const WORD = /^\p{L}\p{Ll}{0,8}\d?$/u;
/** A letter and a digit, not at the end: `c0ffee`. */
const UNCOMMON = /\d.*\p{L}/su;
/** Longer ones are judged as those of runs are. */
const SHORTEST = 8;

/**
 * Makes what masks the secrets in findings, whose excerpts show the file's own lines: those that flows, flags, the environment and the
 * findings themselves name, and passwords of addresses. They are gathered when there is something to mask. One that is a word of other
 * texts is masked beside its own name alone: it would hide names, keys and what is advised.
 */
export function createMasks(
  flows: readonly FlowPlan[],
  inputs: GivenInputs,
  diagnostics: readonly Diagnostic[],
): FindingMasks {
  let secrets: FindingSecrets | undefined;
  const gather = (): FindingSecrets => (secrets ??= gatherSecrets(flows, inputs, diagnostics));
  return {
    mask: (text) => (text === '' ? text : gather().mask(text)),
    maskLine: (text) => (text === '' ? text : gather().maskLine(text)),
  };
}

/** What masks the secrets in findings. */
export interface FindingMasks {
  readonly mask: (text: string) => string;
  /** Before carets are put below a line: what has the length of its stars is left to `mask`. */
  readonly maskLine: (text: string) => string;
}

/** Secrets by what is known of them. */
class FindingSecrets {
  readonly #secrets = createSecrets();
  readonly #words = new Map<string, Set<string>>();

  /** What somebody says is secret: all but a short word. */
  add(name: string, value: Value | undefined): void {
    if (typeof value === 'string' && WORD.test(value)) this.#addWord(name, value);
    else this.#secrets.add(value ?? null);
  }

  /** What is called so, though nobody says that it is secret. */
  addCalled(name: string, text: string): void {
    if (leaveSecretNames(text).trim() === '') return;
    if (isTelling(text) || (text.length < SHORTEST && UNCOMMON.test(text))) this.#secrets.add(text);
    else this.#addWord(name, text);
  }

  addText(text: string): void {
    this.#secrets.add(text);
  }

  addPasswords(text: string): void {
    this.#secrets.addPasswords(text);
  }

  maskLine(text: string): string {
    return this.#secrets.maskText(text);
  }

  mask(text: string): string {
    let masked = this.maskLine(text);
    for (const words of this.#words.values()) if (words.has(text)) return MASK;
    for (const [name, words] of this.#words) if (masked.includes(name)) masked = maskBeside(masked, name, words);
    return masked;
  }

  #addWord(name: string, word: string): void {
    if (word === '') return;
    const words = this.#words.get(name) ?? new Set();
    this.#words.set(name, words.add(word));
  }
}

/** `NAME: "word"` with as many stars in the place of the word. */
function maskBeside(text: string, name: string, words: ReadonlySet<string>): string {
  const beside = new RegExp(String.raw`(?<![\w$.])(${escapePattern(name)}["']?\s*[:=]\s*)(["']?)([^\s"',}\]]+)\2`, 'g');
  return text.replaceAll(beside, (whole: string, head: string, quote: string, value: string) =>
    words.has(value) ? `${head}${quote}${'*'.repeat(value.length)}${quote}` : whole,
  );
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function gatherSecrets(
  flows: readonly FlowPlan[],
  { given, envFile, processEnv }: GivenInputs,
  diagnostics: readonly Diagnostic[],
): FindingSecrets {
  const secrets = new FindingSecrets();
  const addGiven = (name: string, one: GivenValue | undefined): void => secrets.add(name, one?.text ?? one?.value);
  for (const [name, one] of [...given, ...envFile]) {
    if (one.isSecret) addGiven(name, one);
    secrets.addPasswords(one.text ?? '');
  }
  for (const [name, text = ''] of Object.entries(processEnv))
    if (isSecretLike(name, text)) secrets.addCalled(name, text);
  for (const file of filesOf(diagnostics)) {
    secrets.addPasswords(file.text);
    for (const { name, text } of findEnvSecrets(file)) secrets.addCalled(name, text);
  }
  // Findings show the lines of those, too.
  for (const flow of withCalledFlows(flows)) {
    for (const text of flow.written ?? []) if (isTelling(text)) secrets.addText(text);
    for (const { name, literal } of flow.declared) {
      if (flow.secrets.includes(name)) secrets.add(name, literal);
      else if (typeof literal === 'string' && isSecretName(name)) secrets.addCalled(name, literal);
    }
    for (const [name, value] of (flow.rows ?? []).flatMap(({ values }) => [...values]))
      if (typeof value === 'string' && isSecretName(name)) secrets.addCalled(name, value);
    for (const name of flow.secrets) {
      addGiven(name, given.get(name));
      addGiven(name, envFile.get(name));
      secrets.add(name, processEnv[name]);
      for (const { values } of flow.rows ?? []) secrets.add(name, values.get(name));
    }
  }
  const named = [...given].filter(([, { isSecret }]) => isSecret).map(([name]) => name);
  const listed = flows.flatMap((flow) => flow.secrets);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const file of filesOf(errors)) {
    const spans = diagnostics.flatMap(({ span }) => (span?.file === file ? [span] : []));
    const places = spans.map(({ start }) => positionAt(file, start).line - 1);
    const isBroken = errors.some(({ code, span }) => span?.file === file && isOfYaml(code));
    const names = new Set([...listed, ...(isBroken ? named : [])]);
    for (const text of findWrittenSecrets(file, { names, places, isBroken }))
      if (isBroken || !WORD.test(text)) secrets.addText(text);
  }
  return secrets;
}

function filesOf(diagnostics: readonly Diagnostic[]): ReadonlySet<SourceFile> {
  return new Set(diagnostics.flatMap(({ span }) => (span ? [span.file] : [])));
}

/** Whether a finding is that the file is not YAML as it was meant. */
function isOfYaml(code: string): boolean {
  return code.startsWith('TM0');
}
