import { Composer, type Document, type ParsedNode, Parser, type YAMLParseError } from 'yaml';
import { findJsonFault, type JsonFault } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../../model/source-file.ts';
import { readPlainLayout } from '../plain/read-plain-layout.ts';
import { mendOddBlanks } from '../traps/odd-blanks.ts';
import { NodeBuilder, type QuotedStretch } from './build-node.ts';
import { diagnoseSyntax } from './diagnose-syntax.ts';
import type { Node } from './node.ts';

const MAX_REPAIRS = 50;
const MAX_REPAIRS_AT_ONE_PLACE = 3;
const EMPTY_HELP = 'a flow file has `name:` and `steps:`';

/** What a YAML file holds, and everything that is wrong with it as YAML. */
export interface YamlReading {
  /** One node per document; empty documents are dropped. Empty when the file cannot be read as YAML at all. */
  readonly documents: readonly Node[];
  /** By place. Where YAML ate a text that wants quotes, the documents hold it as if it were quoted. */
  readonly diagnostics: readonly Diagnostic[];
}

type ParsedDocument = Document.Parsed<ParsedNode>;

/** Reads the YAML documents of a file with the place of every value. */
export function readYaml(file: SourceFile): YamlReading {
  // Lexing, parsing and composing all that YAML allows takes half of the time of a plan, and most flows use little of it.
  const plain = readPlainLayout(file);
  return plain ? { documents: [plain], diagnostics: [] } : readAnyYaml(file);
}

/** The same of a file that people write: blanks of other kinds in its layout are reported, and read as blanks. */
export function readWrittenYaml(file: SourceFile): YamlReading {
  const { text, diagnostics } = mendOddBlanks(file);
  if (diagnostics.length === 0) return readYaml(file);
  const reading = readAnyYaml({ ...file, text });
  return { ...reading, diagnostics: sortByPlace([...diagnostics, ...reading.diagnostics]) };
}

/** Like `readYaml`, whatever the layout. What is wrong with a JSON file is told as such. */
export function readAnyYaml(file: SourceFile): YamlReading {
  const reading = readParsed(file);
  const isWrong = file.path.toLowerCase().endsWith('.json') && reading.diagnostics.some(isError);
  const fault = isWrong ? findJsonFault(file.text) : undefined;
  return fault ? { documents: [], diagnostics: [describeJson(file, fault)] } : reading;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function describeJson(file: SourceFile, { offset, message }: JsonFault): Diagnostic {
  const start = Math.min(offset, Math.max(0, file.text.trimEnd().length - 1));
  const span = { file, start, end: start + 1 };
  const text = `this is not JSON: ${message.replace(/^line \d+, column \d+: /, '')}`;
  return { severity: 'error', code: 'TM004', message: text, span };
}

function readParsed(file: SourceFile): YamlReading {
  const parsed = parseRepaired(file);
  const documents: Node[] = [];
  const found: Diagnostic[] = [];
  for (const document of parsed.documents) {
    const builder = new NodeBuilder(file, parsed.quoted);
    const node = builder.build(document.contents, document.range[0], { isRaw: false, depth: 0, isCondition: false });
    const isEmpty = node.kind === 'scalar' && node.value === null && node.text.text === '';
    if (!isEmpty) documents.push(node);
    found.push(...builder.diagnostics);
  }
  const { brokenAt } = parsed;
  // Behind a place that could not be mended the parser guesses, so only what stands before it counts.
  const sure = found.filter(({ span }) => brokenAt === undefined || (span?.end ?? 0) < brokenAt);
  const diagnostics = sortByPlace(withoutSecondDepth([...sure, ...parsed.diagnostics]));
  if (brokenAt !== undefined) return { documents: [], diagnostics };
  return {
    documents,
    diagnostics: documents.length === 0 && diagnostics.length === 0 ? [describeEmpty(file)] : diagnostics,
  };
}

function describeEmpty(file: SourceFile): Diagnostic {
  const what = file.text.trim() === '' ? 'is empty' : 'holds nothing but comments';
  return { severity: 'error', code: 'TM003', message: `\`${file.path}\` ${what}`, path: file.path, help: [EMPTY_HELP] };
}

/** Parses again and again, each time with the first text that wants quotes out of the way, so that one mistake hides no other. */
function parseRepaired(file: SourceFile) {
  const diagnostics: Diagnostic[] = [];
  const quoted: QuotedStretch[] = [];
  let text = file.text;
  for (;;) {
    const documents = parseDocuments(text);
    const error = findFirstError(documents);
    if (!error) return { documents, diagnostics, quoted, brokenAt: undefined };
    const finding = diagnoseSyntax({ file, text, documents, error });
    diagnostics.push(finding.diagnostic);
    if (!finding.repair || !canRepair(finding.repair, quoted)) {
      return { documents, diagnostics, quoted, brokenAt: Math.min(error.pos[0], finding.diagnostic.span?.start ?? 0) };
    }
    quoted.push(finding.repair);
    text = blank(text, finding.repair);
  }
}

/** A stretch that begins where others began already grows by a word each time, and mends nothing. */
function canRepair(repair: QuotedStretch, earlier: readonly QuotedStretch[]): boolean {
  return (
    earlier.length < MAX_REPAIRS &&
    earlier.filter(({ start }) => start === repair.start).length < MAX_REPAIRS_AT_ONE_PLACE
  );
}

/** The documents of a text, up to the first that does not parse: what stands behind it, the parser reads as thousands of errors. */
function parseDocuments(text: string): readonly ParsedDocument[] {
  const documents: ParsedDocument[] = [];
  const composer = new Composer<ParsedNode>({
    // Values are resolved here, from their source, so that numbers keep their digits.
    schema: 'failsafe',
    keepSourceTokens: true,
    logLevel: 'silent',
    prettyErrors: false,
    uniqueKeys: false,
  });
  for (const document of composer.compose(new Parser().parse(text))) {
    documents.push(document);
    if (document.errors.length > 0) break;
  }
  return documents;
}

function findFirstError(documents: readonly ParsedDocument[]): YAMLParseError | undefined {
  const errors = documents.flatMap((document) => document.errors);
  return errors.sort((a, b) => a.pos[0] - b.pos[0])[0];
}

/** Offsets stay what they are: the stretch becomes a plain word of the same length. */
function blank(text: string, stretch: QuotedStretch): string {
  return `${text.slice(0, stretch.start)}${'x'.repeat(stretch.end - stretch.start)}${text.slice(stretch.end)}`;
}

/** What is nested too deep is so at several depths: it is reported once. */
function withoutSecondDepth(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = diagnostics.find(({ code }) => code === 'TM024');
  return diagnostics.filter((diagnostic) => diagnostic.code !== 'TM024' || diagnostic === first);
}

function sortByPlace(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const distinct = diagnostics.filter(({ code, span }) => {
    const key = `${code} ${span?.start}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return distinct.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}
