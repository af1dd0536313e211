import type { CompileOptions } from './compile.ts';

/** Whether a function gives the same when it is called again. */
export function isPureCall(name: string, options: CompileOptions): boolean {
  return name !== 'now' && options.functions?.get(name)?.pure !== false;
}
