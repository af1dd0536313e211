import type { Span } from '../../model/source-file.ts';

/** Reports what is wrong with a load: at its place, or with the flags of the command line. */
export type Complain = (message: string, help: readonly string[], span?: Span) => void;
