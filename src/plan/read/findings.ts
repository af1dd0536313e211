import type { ExprError } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { positionAt, type Span, type TextAt } from '../../model/source-file.ts';
import { takeShown } from '../../util/take-shown.ts';

/** Stable codes of what the plan finds; those of YAML itself (TM0xx) belong to the source room. */
export const CODES = {
  unknownKey: 'TM101',
  missingKey: 'TM102',
  wrongValue: 'TM103',
  unknownName: 'TM104',
  unknownAction: 'TM105',
  usedBeforeCapture: 'TM106',
  duplicateId: 'TM107',
  badId: 'TM108',
  expression: 'TM109',
  path: 'TM110',
  placeholder: 'TM111',
  bothSpellings: 'TM112',
  notInThisVersion: 'TM113',
  envFile: 'TM114',
  missingFile: 'TM115',
  badOverride: 'TM116',
  unknownStep: 'TM117',
  valueMissing: 'TM118',
  capturedTwice: 'TM119',
  missingInput: 'TM120',
  callsItself: 'TM121',
  badData: 'TM122',
  unknownFlow: 'TM123',
  noRow: 'TM124',
  noValue: 'TM125',
  outsideValue: 'TM128',
  unknownService: 'TM129',
  unknownConnection: 'TM131',
  circularNeeds: 'TM130',
  nowhere: 'TM392',
  unusedCapture: 'TM201',
  pastedSql: 'TM202',
  literalSecret: 'TM203',
  judgesNothing: 'TM204',
  maybeSkipped: 'TM205',
  shadowedName: 'TM206',
  shellName: 'TM207',
  neverHolds: 'TM208',
  fixedDelay: 'TM209',
  looseWait: 'TM210',
  equalWaits: 'TM211',
  unknownInput: 'TM212',
  unseenColumns: 'TM213',
  knownNumber: 'TM214',
  unseenEvent: 'TM215',
  unreadInput: 'TM216',
  countedPastEnd: 'TM217',
  anyError: 'TM218',
  strayLine: 'TM219',
  foreignText: 'TM220',
  earlyWait: 'TM221',
  newEachStep: 'TM222',
  unfilled: 'TM223',
  pastedList: 'TM224',
  vainReuse: 'TM225',
  neverThere: 'TM226',
  sameEachRound: 'TM227',
  vainAllowance: 'TM228',
  loopName: 'TM371',
} as const;

const MOST_LINES = 12;
const MOST_HELP = 6;

/** A word that is reported once. */
interface ReportedWord {
  /** Which of the findings it is. */
  readonly at: number;
  readonly lines: Set<number>;
  readonly help: Set<string>;
}

/** Collects everything that is wrong with a file, so that all of it is reported at once. */
export class Findings {
  readonly #list: Diagnostic[] = [];
  /** Words that are reported once, by what is said of them. */
  readonly #words = new Map<string, ReportedWord>();

  get list(): readonly Diagnostic[] {
    return this.#list;
  }

  error(code: string, message: string, span: Span, help: readonly string[] = []): void {
    this.#list.push({ severity: 'error', code, message, span: cutToLine(span), help });
  }

  /** Reports an error that is the same wherever a word stands: at its first place, with the lines of the others. Of `same` those are one whose messages differ. */
  errorOnce(code: string, message: string, span: Span, help: readonly string[], same = message): void {
    const key = `${span.file.absolutePath} ${code} ${same}`;
    const word = this.#words.get(key) ?? { at: this.#list.length, lines: new Set(), help: new Set() };
    this.#words.set(key, word);
    word.lines.add(positionAt(span.file, span.start).line);
    for (const sentence of help) if (word.help.size < MOST_HELP) word.help.add(sentence);
    const found = this.#list[word.at];
    if (found) this.#list[word.at] = { ...found, help: [...word.help, ...describeLines(word.lines)] };
    else this.error(code, message, span, help);
  }

  warn(code: string, message: string, span: Span, help: readonly string[] = []): void {
    this.#list.push({ severity: 'warning', code, message, span: cutToLine(span), help });
  }

  add(diagnostics: readonly Diagnostic[]): void {
    this.#list.push(...diagnostics);
  }

  /** Reports an error of the expression language at its place in the file. */
  expressionError(code: string, error: ExprError, text: TextAt, help = helpOf(error)): void {
    this.error(code, error.message, text.locate(error.offset, error.length), help);
  }
}

/** What to do about an error of the expression language. */
export function helpOf({ message, hint }: ExprError): readonly string[] {
  if (hint) return [hint];
  return message.startsWith('unknown function ') ? ['`testmesh explain functions` lists all functions'] : [];
}

/** What stands on several lines is shown by its first: a whole map under carets points at nothing. */
function cutToLine(span: Span): Span {
  const { file, start, end } = span;
  const lineEnd = start + (/^[^\r\n]*/.exec(file.text.slice(start, end))?.[0].length ?? 0);
  return lineEnd === end ? span : { file, start, end: lineEnd };
}

function describeLines(lines: ReadonlySet<number>): readonly string[] {
  const { shown, hidden } = takeShown([...lines].slice(1), MOST_LINES);
  if (shown.length === 0) return [];
  const more = hidden > 0 ? ` and ${hidden} more` : '';
  return [`it is also at ${shown.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${more}`];
}
