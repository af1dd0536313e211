import type { NameRef } from '../../model/plan.ts';
import type { ServicePlan } from '../../model/service-plan.ts';
import type { SourceFile, Span } from '../../model/source-file.ts';
import type { TextContext } from '../read/texts.ts';

/** What planning the services needs. */
export interface ServiceContext extends TextContext {
  readonly file: SourceFile;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  readonly readFile: (absolutePath: string, what?: 'text' | 'bytes') => string | undefined;
}

/** A service before it is known which others there are. */
export interface WrittenService extends ServicePlan {
  /** Those under `needs`, at their places. */
  readonly written: readonly { readonly name: string; readonly span: Span }[];
  readonly refs: readonly NameRef[];
}
