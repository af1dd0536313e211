import type { Diagnostic } from '../../model/diagnostic.ts';
import { toLocation } from '../../model/location.ts';
import { groupBy } from '../../util/group-by.ts';
import { takeShown } from '../../util/take-shown.ts';

/** So many findings that say the same are shown; more are folded. */
const MOST_ALIKE = 5;
/** So many of them are then shown. */
const SHOWN = 3;
/** So many places of the others are named. */
const PLACES = 5;

/** Folds findings that say the same of many places: the last that stays names the places of the others. */
export function foldFindings(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const groups = groupBy(diagnostics, keyOf);
  const folded = new Map<Diagnostic, readonly Diagnostic[]>();
  for (const group of groups.values()) {
    if (group.length <= MOST_ALIKE) continue;
    for (const [at, diagnostic] of group.entries()) {
      if (at === SHOWN - 1) folded.set(diagnostic, [addPlaces(diagnostic, group.slice(SHOWN))]);
      else if (at >= SHOWN) folded.set(diagnostic, []);
    }
  }
  return diagnostics.flatMap((diagnostic) => folded.get(diagnostic) ?? [diagnostic]);
}

function keyOf({ severity, code, message, help = [] }: Diagnostic): string {
  // An error has to be mended at each place, by what is said of it there.
  return JSON.stringify([severity, code, message, ...(severity === 'error' ? help : [])]);
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
