import { dirname, join, resolve } from 'node:path';
import type { Value } from '../../expr/index.ts';
import { parseJson } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt, type Span } from '../../model/source-file.ts';
import { CODES } from '../../plan/read/findings.ts';
import { describeStrayLines, readEnv } from '../../plan/read/read-env.ts';
import type { GivenInputs, GivenValue } from '../../plan/select/flow-inputs.ts';
import { loadSourceFile } from '../../source/yaml/load-source-file.ts';
import { toData } from '../../source/yaml/node.ts';
import { readYaml } from '../../source/yaml/read-yaml.ts';
import { describeFileTrouble, findNearestFile } from '../../util/file-trouble.ts';
import { readText } from '../../util/read-text.ts';
import { isSecretLike, isSecretName } from '../../util/secret-name.ts';
import type { Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';

const VARIABLE_PREFIX = 'TESTMESH_VAR_';
/** A key of a file of variables: at the edge in YAML, in quotes in JSON. */
const FILE_KEY = /^(?:[A-Za-z_$][\w$]*(?=[ \t]*:)|[ \t]*\{?[ \t]*"[A-Za-z_$][\w$]*"(?=[ \t]*:))/gm;

export interface ValueFlags {
  readonly var: readonly string[];
  readonly secret: readonly string[];
  readonly varFile: readonly string[];
  readonly envFile: readonly string[];
  /** An environment of testmesh.yaml. */
  readonly env?: string | undefined;
  /** A protected environment that may be disturbed. */
  readonly allowProtected?: string | undefined;
}

/** Gathers the values that flags and environment give: `--var` and `--secret` over `--var-file` over `TESTMESH_VAR_<name>`. */
export function readGivenInputs(flags: ValueFlags, terminal: Terminal): GivenInputs {
  const given = new Map<string, GivenValue>();
  for (const [key, text] of Object.entries(terminal.env)) {
    const name = key.slice(VARIABLE_PREFIX.length);
    if (key.startsWith(VARIABLE_PREFIX) && name && text !== undefined)
      given.set(name, { text, from: key, isSecret: isSecretLike(name, text) });
  }
  for (const file of flags.varFile) {
    for (const [name, value] of readVariableFile(file, terminal.cwd))
      given.set(name, { value, from: `--var-file ${file}`, isSecret: false });
  }
  for (const pair of flags.var) given.set(...readPair(pair, '--var'));
  for (const pair of flags.secret) given.set(...readPair(pair, '--secret'));
  const envFile = new Map<string, GivenValue>();
  const findings: Diagnostic[] = [];
  for (const file of flags.envFile) {
    const { variables, strayLines } = readEnv(readGivenFile(file, '--env-file', terminal.cwd));
    for (const { name, value: text, unfilled, line } of variables)
      envFile.set(name, {
        text,
        from: `--env-file ${file}`,
        isSecret: isSecretLike(name, text),
        unfilled: unfilled === undefined ? undefined : { text: unfilled, line },
      });
    if (strayLines.length > 0) findings.push(warnOfStrayLines(file, strayLines));
  }
  return { given, envFile, processEnv: terminal.env, environmentName: readEnvironmentName(flags.env), findings };
}

/** Other tools take variables by this flag, and what follows the `=` may be a secret. */
function readEnvironmentName(text: string | undefined): string | undefined {
  const [, variable] = /^([^=]*)=/.exec(text ?? '') ?? [];
  if (variable === undefined) return text;
  throw new UsageError('`-e` chooses an environment of testmesh.yaml', [
    `a variable is given with \`--var ${variable}=…\`, or \`--secret ${variable}=…\``,
  ]);
}

function warnOfStrayLines(file: string, lines: readonly number[]): Diagnostic {
  const { message, help } = describeStrayLines(file, lines);
  return { severity: 'warning', code: CODES.strayLine, message, help: [help] };
}

/** `name=text`, or `name:=json`; undefined when it is neither. */
export function splitPair(pair: string): { readonly [part in 'name' | 'operator' | 'text']: string } | undefined {
  const [, name, operator = '=', text = ''] = /^([A-Za-z_$][A-Za-z0-9_$]*)(:?=)(.*)$/s.exec(pair) ?? [];
  return name === undefined ? undefined : { name, operator, text };
}

function readPair(pair: string, flag: string): [string, GivenValue] {
  const parts = splitPair(pair);
  const isSecret = flag === '--secret';
  if (!parts) {
    const got = isSecret ? 'a text without a name' : `\`${pair}\``;
    throw new UsageError(`${flag}: expected \`name=value\` or \`name:=json\`, got ${got}`, [
      `for example ${flag} ${isSecret ? 'API_TOKEN="$API_TOKEN"' : 'USER=ada'}`,
    ]);
  }
  const { name, operator, text } = parts;
  if (operator === '=') return [name, { text, from: flag, isSecret }];
  try {
    return [name, { value: parseJson(text), from: flag, isSecret }];
  } catch {
    const help = 'quote text twice: \'name:="text"\', or use `name=text`';
    throw new UsageError(
      `${flag}: what follows \`${name}:=\` is not JSON${isSecret || isSecretName(name) ? '' : `: \`${text}\``}`,
      [help],
    );
  }
}

/** A map of names to values, in YAML or JSON. */
function readVariableFile(path: string, cwd: string): Map<string, Value> {
  const loaded = loadSourceFile(resolve(cwd, path), cwd);
  const { documents, diagnostics } =
    'diagnostics' in loaded ? { documents: [], diagnostics: loaded.diagnostics } : readYaml(loaded.file);
  const wrong = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  if (wrong?.span) throw describeSlip(path, wrong.code, wrong.span);
  if (wrong) throw new UsageError(`--var-file ${path}: ${wrong.message}`, wrong.help);
  const root = documents[0];
  if (root?.kind !== 'map')
    throw new UsageError(`--var-file ${path}: expected a map of names to values`, ['write `name: value` lines']);
  return new Map(Object.entries(toData(root) as Record<string, Value>));
}

/** Names the place and the key alone: any value of the file may be a secret, and no flow has been read that says which. */
function describeSlip(path: string, code: string, { file, start }: Span): UsageError {
  const { line, column } = positionAt(file, start);
  const lineEnd = file.lineStarts[line] ?? file.text.length;
  const [key = ''] = file.text.slice(0, lineEnd).match(FILE_KEY)?.slice(-1) ?? [];
  const [name] = /[\w$]+/.exec(key) ?? [];
  const what = name === undefined ? 'a value' : `the value of \`${name}\``;
  const isJson = code === 'TM004' && path.toLowerCase().endsWith('.json');
  if (isJson) return new UsageError(`--var-file ${path}:${line}:${column}: ${what} is not JSON`);
  return new UsageError(`--var-file ${path}:${line}:${column}: ${what} is not YAML as it was meant`, [
    `most such values want quotes, which have to be closed; \`testmesh explain ${code}\` lists what to look for`,
  ]);
}

/** The text of a file that a flag names. @throws UsageError why it cannot be read */
export function readGivenFile(path: string, flag: string, cwd: string): string {
  try {
    return readText(resolve(cwd, path), { takesPipe: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const nearest = code === 'ENOENT' ? findNearestFile(resolve(cwd, path)) : undefined;
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a directory'
          : describeFileTrouble(error);
    throw new UsageError(`${flag} ${path}: ${reason}`, [
      nearest === undefined
        ? `it is looked for at ${resolve(cwd, path)}`
        : `did you mean \`${join(dirname(path), nearest)}\`?`,
    ]);
  }
}
