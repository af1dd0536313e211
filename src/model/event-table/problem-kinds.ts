import type { Clue } from '../clues.ts';
import type { Detail, Location, Problem, Skip } from '../events.ts';
import type {
  Explained,
  ExplainedComparison,
  ExplainedDifference,
  ExplainedItem,
  ExplainedLoop,
  ExplainedPart,
} from '../explained.ts';
import type { ExcerptLine } from '../source-file.ts';
import {
  flag,
  id,
  integer,
  type Kind,
  later,
  list,
  optional,
  optionalData,
  quotes,
  record,
  text,
  value,
  word,
} from './kinds.ts';

const MAX_DETAIL_LINES = 500;

const excerptLine = record<ExcerptLine>('excerpt_line', { line: integer(), text: text() });

export const location: Kind<Location> = record<Location>('location', {
  file: id(),
  line: integer(),
  column: integer(),
  endLine: integer(),
  endColumn: integer(),
  excerpt: optional(list(excerptLine)),
  shown: optional(record<NonNullable<Location['shown']>>('shown', { column: integer(), endColumn: integer() })),
});

export const signalName = word({ SIGINT: true, SIGTERM: true, SIGHUP: true });

export const outcome = word({ passed: true, failed: true, errored: true, skipped: true });

export const skip: Kind<Skip> = record<Skip>('skip', {
  kind: word({
    skip: true,
    when: true,
    not_reached: true,
    not_taken: true,
    not_needed: true,
    kept: true,
    nothing_ran: true,
    not_judged: true,
  }),
  reason: text(),
});

export const detail: Kind<Detail> = record<Detail>('detail', {
  title: text(),
  lines: list(text(), MAX_DETAIL_LINES),
  isExtra: optional(flag()),
});

const part = record<ExplainedPart>('part', {
  offset: integer(),
  length: integer(),
  text: text(),
  type: id(),
  value: value('text'),
});

const loop: Kind<ExplainedLoop> = record<ExplainedLoop>('loop', {
  offset: integer(),
  length: integer(),
  text: text(),
  value: optional(value()),
  itemCount: integer(),
  seenCount: integer(),
  matchCount: integer(),
  items: later(() => list(item)),
});

const item: Kind<ExplainedItem> = record<ExplainedItem>('item', {
  index: integer(),
  path: text(),
  value: value(),
  isMatch: optional(flag()),
  parts: list(part),
  loops: list(loop),
});

const difference = record<ExplainedDifference>('difference', {
  kind: optional(word({ changed: true, missing: true, extra: true, order: true })),
  path: text(),
  expectedPath: optional(text()),
  move: optional(record<{ readonly from: string; readonly to: string }>('move', { from: text(), to: text() })),
  expected: optional(value('path')),
  actual: optional(value('path')),
});

const explained = record<Explained>('explained', {
  error: optional(text()),
  parts: list(part),
  loops: optional(list(loop)),
  differences: optional(list(difference)),
  differenceCount: optional(integer()),
  compared: optional(
    record<ExplainedComparison>('comparison', { path: text(), expected: value('path'), actual: value('path') }),
  ),
});

export const problem: Kind<Problem> = record<Problem>('problem', {
  outcome: word({ failed: true, errored: true }),
  kind: id(),
  code: optional(text()),
  message: text(),
  location: optional(location),
  explained: optionalData(explained),
  clues: optional(quotes(record<Clue>('clue', { text: text(), isQuote: flag() }), 'isQuote')),
  hints: optional(list(text())),
  signal: optional(signalName),
});
