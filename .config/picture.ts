import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COLUMNS = 104;
const LINE = 19;
const CELL = 8.4;
const MARGIN = 18;
const ESCAPE = '\u001b';
const CODES = new RegExp(`${ESCAPE}\\[(\\d+)m|([\\s\\S])`, 'gu');

/** The terminal's colours by their SGR codes, on a dark ground that reads well in both themes of a page. */
const COLOURS: Readonly<Record<string, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' };

/** The picture of a failing run: what the command prints for `docs/picture`, as an SVG. */
export async function drawFailingRun(): Promise<string> {
  const command = 'testmesh run place-an-order.yaml';
  return drawTerminal(`${ESCAPE}[2m$${ESCAPE}[22m ${command}\n\n${(await runCommand(command)).trimEnd()}\n`);
}

/** A picture without what differs from run to run: durations, ports and ids of traces. */
export function withoutTimes(svg: string): string {
  return svg
    .replace(/ *\b\d+(\.\d+)? m?s\b/g, ' 0 ms')
    .replace(/\b[0-9a-f]{32}\b/g, '0'.repeat(32))
    .replace(/seed \d+/g, 'seed 0')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0');
}

function runCommand(command: string): Promise<string> {
  const program = fileURLToPath(new URL('../dist/bin.cjs', import.meta.url));
  const cwd = mkdtempSync(join(tmpdir(), 'testmesh-picture-'));
  cpSync(fileURLToPath(new URL('../docs/picture', import.meta.url)), cwd, { recursive: true });
  const words = [program, ...command.split(' ').slice(1), '--color', 'always'];
  const env = { PATH: process.env['PATH'] ?? '' };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, { cwd, env }, (_, output, errors) => {
      rmSync(cwd, { recursive: true, force: true });
      if (output.includes('1 failed')) resolve(output);
      else reject(new Error(`the run of docs/picture did not fail as it has to: ${output}${errors}`));
    });
  });
}

function drawTerminal(text: string): string {
  const lines = text.split('\n').flatMap(wrap);
  const width = Math.ceil(COLUMNS * CELL + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  const rows = lines.map((line, index) => `<text x="${MARGIN}" y="${MARGIN + (index + 1) * LINE - 5}">${line}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A run that fails: the assertion at its line, the values of its parts, what was sent and received, and how to run it again">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`;
}

/** The lines that a terminal of so many columns makes of one, each as the content of a `text` element. */
function wrap(line: string): string[] {
  const cells: { letter: string; style: string }[] = [];
  const on = { dim: false, bold: false, colour: '' };
  for (const [, code, letter] of line.matchAll(CODES)) {
    if (letter !== undefined) cells.push({ letter, style: styleOf(on) });
    else if (code === '1') on.bold = true;
    else if (code === '2') on.dim = true;
    else if (code === '22') on.bold = on.dim = false;
    else on.colour = COLOURS[code ?? ''] ?? '';
  }
  const parts: string[] = [];
  do parts.push(drawCells(cells.splice(0, COLUMNS)));
  while (cells.length > 0);
  return parts;
}

function styleOf(on: { dim: boolean; bold: boolean; colour: string }): string {
  return `${on.bold ? ' font-weight="bold"' : ''}${on.dim ? ' fill-opacity=".6"' : ''}${on.colour ? ` fill="${on.colour}"` : ''}`;
}

function drawCells(cells: readonly { letter: string; style: string }[]): string {
  const runs: { text: string; style: string }[] = [];
  for (const { letter, style } of cells) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += letter;
    else runs.push({ text: letter, style });
  }
  const inXml = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return runs.map(({ text, style }) => (style ? `<tspan${style}>${inXml(text)}</tspan>` : inXml(text))).join('');
}
