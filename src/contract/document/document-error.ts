import { positionAt, type Span } from '../../model/source-file.ts';

/** Why a document that a service is described by cannot be used. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly span: Span | undefined;
  readonly help: readonly string[];

  constructor(message: string, { span, help = [] }: { span?: Span | undefined; help?: readonly string[] } = {}) {
    super(message);
    this.span = span;
    this.help = help;
  }
}

/** `api/users.yaml:12:3`. */
export function describeSpan(span: Span): string {
  const { line, column } = positionAt(span.file, span.start);
  return `${span.file.path}:${line}:${column}`;
}
