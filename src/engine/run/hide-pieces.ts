import { isMap, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { PieceMask } from '../events/quoted-pieces.ts';
import type { KnownSecrets } from '../events/secrets.ts';
import type { Thrown } from '../outcome/thrown.ts';

/**
 * What an action threw, without pieces of secrets that were quoted from its settings: a server that could not read a text says where,
 * and no other mask knows a piece. Whole secrets stay, for what an error says is judged.
 */
export function hidePieces(thrown: Thrown, config: unknown, secrets: KnownSecrets): Thrown {
  if (secrets.isEmpty) return thrown;
  const texts: string[] = [];
  listTexts(config, texts, new Set());
  const mask = secrets.maskPiecesOf(texts.join('\n'));
  if (!mask) return thrown;
  const maskAll = (lines: readonly string[]): readonly string[] => lines.map((line) => mask(line));
  return {
    ...thrown,
    problem: maskProblem(thrown.problem, mask),
    details: thrown.details.map(({ title, lines }) => ({ title, lines: maskAll(lines) })),
    data: Object.fromEntries(Object.entries(thrown.data).map(([key, value]) => [key, maskValue(value, mask)])),
  };
}

function maskProblem(problem: Problem, mask: PieceMask): Problem {
  const { message, hints, clues } = problem;
  // What is wrong with settings is said here, not by a server.
  const whose = problem.kind === 'authoring' ? 'own' : undefined;
  return {
    ...problem,
    message: mask(message, whose),
    hints: hints?.map((hint) => mask(hint, whose)),
    clues: clues?.map((clue) => ({ ...clue, text: mask(clue.text) })),
  };
}

function maskValue(value: Value, mask: PieceMask): Value {
  return typeof value === 'string' ? mask(value) : value;
}

function listTexts(value: unknown, texts: string[], seen: Set<unknown>): void {
  if (typeof value === 'string') texts.push(value);
  if (typeof value !== 'object' || value === null || isExpressionAt(value) || seen.has(value)) return;
  seen.add(value);
  for (const [key, item] of Object.entries(value)) {
    // The names of settings are no pieces of what they hold.
    if (isMap(value as Value)) texts.push(key);
    listTexts(item, texts, seen);
  }
}
