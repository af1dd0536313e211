import { suggestForName } from '../../expr/index.ts';
import type { NameRef } from '../../model/plan.ts';
import { listNames } from '../../util/suggest.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import { listKeys } from '../read/schema-keys.ts';
import { listPathWords, suggestForUse, suggestForWord, suggestNearlyGiven, suggestOfOwnEnd } from './meant-names.ts';
import {
  findDashedStep,
  findNearestName,
  reportAskedBefore,
  reportDashedKey,
  reportDashedStep,
  reportInsideOnly,
  reportRenamed,
  reportUnknown,
} from './name-findings.ts';
import type { NameRecord, NameScope } from './name-scope.ts';

/** Whether a name that nothing gives here is one that calls elsewhere give. */
export function isBorrowed({ name }: NameRef, { givenByCalls, borrowed }: NameRecord): boolean {
  if (!givenByCalls?.has(name)) return false;
  borrowed.add(name);
  return true;
}

/** Reports a name that nothing gives, with what was meant by it; one that a call owes is left to the call. */
export function checkUnknown(ref: NameRef, reader: PlannedStep | undefined, scope: NameScope): void {
  const { record, ids, base, everything } = scope;
  if (isBorrowed(ref, record) || isOfUnknownSetting(ref, reader)) return;
  const message = `unknown name \`${ref.name}\``;
  // A part of a key with `-` in it is no word by itself.
  const word = ref.meant?.as === 'key' ? undefined : (suggestForWord(ref, scope) ?? suggestOfOwnEnd(ref, reader));
  if (word !== undefined) {
    // What a name with a wrong prefix was to read is no mistake of its own.
    if (typeof ref.path[0] === 'string') record.used.add(ref.path[0]);
    markReported(ref, listPathWords(ref).slice(1), record);
    record.findings.errorOnce(CODES.unknownName, message, ref.span, [word]);
    return;
  }
  if (isReported(ref, record)) return;
  const dashed = findDashedStep(ref, ids);
  if (dashed) {
    markReported(ref, dashed.id.split('-'), record);
    reportDashedStep(dashed, record.findings);
    return;
  }
  markReported(ref, ref.asText?.split(/\W+/) ?? [], record);
  if (ref.meant?.as === 'key') {
    markReported(ref, ref.meant.text.split(/[-"[\].]/), record);
    reportDashedKey(ref, ref.meant.text, record.findings);
    return;
  }
  const renamed = ref.meant?.as === 'field' ? undefined : scope.renamed.get(ref.name);
  if (renamed) {
    record.used.add(renamed.name);
    reportRenamed(ref, renamed, record.findings);
    return;
  }
  const control = record.inside.get(ref.name);
  if (control) {
    reportInsideOnly(ref, control, record.findings);
    return;
  }
  const meant = suggestForUse(ref, scope);
  if (ref.where === 'when' && reader?.resultKinds.has(ref.name) && !record.calledWith) {
    reportAskedBefore(ref, meant, record.findings);
    return;
  }
  if (meant !== undefined) {
    markReported(ref, listPathWords(ref), record);
    record.findings.error(CODES.unknownName, message, ref.span, [meant]);
    return;
  }
  if (reportOffered(ref, record)) return;
  const known = [...base, ...everything.keys()];
  const nearest = findNearestName(
    ref,
    known.filter((name) => !record.calledWith?.has(name)),
  );
  // What a misspelt use was to read is no mistake of its own.
  if (nearest !== undefined) record.used.add(nearest);
  const nearly = nearest === undefined ? suggestNearlyGiven(ref, scope) : undefined;
  const isMistaken = (nearest ?? nearly ?? suggestForName(ref.name)) !== undefined;
  if (record.missing && !isMistaken) record.missing.push(ref);
  else reportUnknown(ref, { known, isPartial: record.isPartial, nearly }, record.findings);
}

/** Whether environments of testmesh.yaml have the name that were not chosen, which is reported then. */
function reportOffered({ name, span }: NameRef, { companions, findings }: NameRecord): boolean {
  const names = companions?.offered?.get(name);
  if (!names) return false;
  const which = names.length === 1 ? `environment \`${names[0]}\` has it` : `environments ${listNames(names)} have it`;
  const help = `${which}: choose it with \`-e ${names[0]}\`, or by \`default_environment\` of testmesh.yaml`;
  findings.errorOnce(CODES.unknownName, `unknown name \`${name}\``, span, [help]);
  return true;
}

/** Whether a name stands below a setting that its action does not have, which is reported already. */
function isOfUnknownSetting({ where, setting }: NameRef, reader: PlannedStep | undefined): boolean {
  const known =
    where === 'config' && setting !== undefined && reader ? listKeys(reader.action.settings.schema, []) : [];
  return known.length > 0 && !known.includes(setting ?? '');
}

/** Whether the name is reported for this line; from now on it is. */
function isReported(ref: NameRef, { reported }: NameRecord): boolean {
  const key = keyInLine(ref, ref.name);
  return reported.has(key) || !reported.add(key);
}

/** Words of one mistake that read as names of their own. */
function markReported(ref: NameRef, words: readonly string[], { reported }: NameRecord): void {
  for (const word of words) reported.add(keyInLine(ref, word));
}

function keyInLine({ span: { file, start } }: NameRef, word: string): string {
  return `${file.text.lastIndexOf('\n', start)} ${word}`;
}
