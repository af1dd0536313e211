import type { Diagnostic } from '../../model/diagnostic.ts';
import { toLocation } from '../../model/location.ts';
import { takeShown } from '../../util/take-shown.ts';

/** So many findings that say the same are shown; more are folded. */
const MOST_ALIKE = 5;
/** So many of them are then shown. */
const SHOWN = 3;
/** So many places of the others are named. */
const PLACES = 5;

/** Folds findings that say the same of many places: the last that stays names the places of the others. */
export function foldFindings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const group = groups.get(keyOf(diagnostic));
    if (group) group.push(diagnostic);
    else groups.set(keyOf(diagnostic), [diagnostic]);
  }
  return diagnostics.flatMap((diagnostic) => {
    const group = groups.get(keyOf(diagnostic)) ?? [];
    if (group.length <= MOST_ALIKE) return [diagnostic];
    const at = group.indexOf(diagnostic);
    if (at >= SHOWN) return [];
    return at === SHOWN - 1 ? [addPlaces(diagnostic, group.slice(SHOWN))] : [diagnostic];
  });
}

function keyOf({ severity, code, message }: Diagnostic): string {
  return `${severity} ${code} ${message}`;
}

function addPlaces(diagnostic: Diagnostic, others: readonly Diagnostic[]): Diagnostic {
  const { shown, hidden } = takeShown(others.map(nameOf), PLACES);
  const rest = hidden > 0 ? ` and ${hidden} more` : '';
  const line = `the same in ${others.length} more places: ${shown.join(', ')}${rest}`;
  return { ...diagnostic, help: [...(diagnostic.help ?? []), line] };
}

function nameOf({ span, path = '' }: Diagnostic): string {
  if (!span) return path;
  const { file, line } = toLocation(span);
  return `${file}:${line}`;
}
