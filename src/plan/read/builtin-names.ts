/** Names that every flow has, with whether their value differs from run to run. */
export const BUILTIN_NAMES: ReadonlyMap<string, 'volatile' | 'stable'> = new Map([
  ['UUID', 'volatile'],
  ['RANDOM_ID', 'volatile'],
  ['TIMESTAMP', 'volatile'],
  ['ISO_TIMESTAMP', 'volatile'],
  ['DATE', 'volatile'],
  ['TIME', 'volatile'],
  ['DATETIME', 'volatile'],
  ['RUN_ID', 'volatile'],
  ['TRACE_ID', 'volatile'],
  ['FLOW_NAME', 'stable'],
  ['STEP_ID', 'stable'],
  ['ATTEMPT', 'stable'],
  ['VU', 'stable'],
  ['ITERATION', 'stable'],
  ['ITERATION_TOTAL', 'stable'],
]);

/** Functions whose value differs from call to call. */
export const VOLATILE_FUNCTIONS: ReadonlySet<string> = new Set(['uuid', 'random_int', 'random_string', 'faker', 'now']);

/** Variables that every shell has: a flow that declares one is not overridden by the shell's. */
export function isShellName(name: string): boolean {
  return SHELL_NAMES.has(name) || name.startsWith('LC_');
}

const SHELL_NAMES = new Set(
  'PATH HOME USER LOGNAME SHELL PWD OLDPWD LANG TERM TMPDIR HOSTNAME HOST EDITOR MAIL SHLVL _'.split(' '),
);
