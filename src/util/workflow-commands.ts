/** `::error …` at the beginning of a line, and `##[…]` anywhere. */
const COMMAND = /^([^\S\n]*):(?=:[A-Za-z])|##(?=\[)/gm;

/** Keeps CI services from taking what is printed for commands to them, in any of its lines. */
export function hideWorkflowCommands(text: string): string {
  if (!text.includes('::') && !text.includes('##[')) return text;
  return text.replace(COMMAND, (_, blanks?: string) => (blanks === undefined ? '\\x23#' : `${blanks}\\x3a`));
}
