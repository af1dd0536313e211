/** Colours for a terminal; without colours each function gives its text back. */
export interface Paint {
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

/** Makes the colours, or a set that leaves everything as it is. */
export function createPaint(isColored: boolean): Paint {
  const wrap = (open: number, close: number) => {
    if (!isColored) return (text: string) => text;
    return (text: string) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
  };
  return {
    red: wrap(31, 39),
    green: wrap(32, 39),
    yellow: wrap(33, 39),
    blue: wrap(34, 39),
    cyan: wrap(36, 39),
    bold: wrap(1, 22),
    dim: wrap(2, 22),
  };
}
