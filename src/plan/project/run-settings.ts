import { findNearest, listNames } from '../../util/suggest.ts';
import { describeNode, readTexts } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { Field, Fields } from '../read/keys.ts';
import { type AroundFiles, readAroundFiles } from './around-flows.ts';
import { readRecords } from './record-limits.ts';
import type { ProjectContext } from './written-companion.ts';

/** What testmesh.yaml says of runs where their flags do not. */
export interface RunSettings {
  /** How many flows run at the same time. */
  readonly workers?: number | undefined;
  /** `name` or `name=file`, relative to testmesh.yaml. */
  readonly reporters?: readonly string[] | undefined;
  /** Which flow files a command is about that names none: globs, relative to testmesh.yaml. */
  readonly flows?: readonly string[] | undefined;
  /** How much is kept of records. */
  readonly records?: { readonly keep?: number | undefined; readonly maxBytes?: number | undefined } | undefined;
  /** The flows that run around all others. */
  readonly around?: AroundFiles | undefined;
}

const MOST_WORKERS = 9999;

/** Reads what it says of runs. */
export function readRunSettings(fields: Fields, context: ProjectContext): RunSettings {
  const { reporters, findings } = context;
  return {
    workers: readWorkers(fields.get('workers'), findings),
    reporters: readReporters(fields.get('reporters'), reporters, findings),
    flows: readGlobs(fields.get('flows'), findings),
    records: readRecords(fields.get('records'), findings),
    around: readAroundFiles(fields, context),
  };
}

function readGlobs(field: Field | undefined, findings: Findings): readonly string[] | undefined {
  const texts = field && readTexts(field, findings);
  if (!field || !texts || texts.some((text) => text !== '')) return texts;
  findings.error(CODES.wrongValue, '`flows` names no file', field.value.span, [
    'for example `flows: ["flows/**/*.yaml"]`',
  ]);
  return undefined;
}

function readWorkers(field: Field | undefined, findings: Findings): number | undefined {
  if (!field) return undefined;
  const { value } = field;
  const number = value.kind === 'scalar' ? value.value : undefined;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= MOST_WORKERS) return number;
  const message = `\`workers\`: expected a whole number from 1 to ${MOST_WORKERS}, got ${describeNode(value)}`;
  findings.error(CODES.wrongValue, message, value.span);
  return undefined;
}

function readReporters(
  field: Field | undefined,
  names: readonly string[],
  findings: Findings,
): readonly string[] | undefined {
  if (!field) return undefined;
  const texts = readTexts(field, findings);
  const items = field.value.kind === 'seq' ? field.value.items : [field.value];
  const owners = new Map<string, string>();
  for (const [at, text] of texts.entries()) {
    const span = (items[at] ?? field.value).span;
    const [name = '', file] = text.split(/=(.*)/s);
    const owner = owners.get(file ?? '');
    if (!names.includes(name)) {
      const nearest = findNearest(name, names);
      const help = nearest === undefined ? `reporters are ${listNames(names, 20)}` : `did you mean \`${nearest}\`?`;
      findings.error(CODES.wrongValue, `there is no reporter \`${name}\``, span, [help]);
    } else if (file === '') {
      findings.error(CODES.wrongValue, `\`${text}\`: the file's name is missing`, span, [
        `write \`${name}=report.txt\``,
      ]);
    } else if (owner !== undefined && (file !== undefined || name !== 'github')) {
      const where = file === undefined ? 'standard output' : `the file \`${file}\``;
      const message = `${listNames([owner, name])} would both write to ${where}`;
      findings.error(CODES.wrongValue, message, span, [`give each a file of its own: \`${name}=other.txt\``]);
    }
    if (file !== undefined || name !== 'github') owners.set(file ?? '', name);
  }
  return texts;
}
