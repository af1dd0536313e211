import type { ConfigFinding } from '../../model/action/settings.ts';

const NONE = /^\s*0+(?:\.0+)?(?:ms|s|m|h)\s*$/;

interface NoTime {
  readonly key: string;
  readonly code: string;
  /** What such a time does not show. */
  readonly missed: string;
  readonly help: string;
}

/** Warns of a time to look on that is none: silence of no length proves nothing. */
export function checkNoTime(
  authored: Readonly<Record<string, unknown>>,
  { key, code, missed, help }: NoTime,
): readonly ConfigFinding[] {
  const time = authored[key];
  if (typeof time !== 'string' || !NONE.test(time)) return [];
  const message = `\`${key}: ${time.trim()}\` looks on for no time: ${missed} a moment later is not seen`;
  return [{ severity: 'warning', code, path: [key], message, help: [help] }];
}
