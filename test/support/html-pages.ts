import { inflateRawSync } from 'node:zlib';
import type { FlowPage } from '../../src/reporters/html/pages.ts';

const PAGE = /(<script type="text\/plain" id="page-\d+">)([^<]*)(<\/script>)/g;

/** The file with its flows as the JSON that they hold. */
export function unpackPages(html: string): string {
  return html.replace(PAGE, (_, start: string, packed: string, end: string) => start + unpack(packed) + end);
}

/** What flows show when they are opened. */
export function readPages(html: string): readonly FlowPage[] {
  return [...html.matchAll(PAGE)].map(([, , packed = '']) => JSON.parse(unpack(packed)));
}

/** The data of the run, with its flows. */
export function readRun<Run>(html: string): Run {
  return JSON.parse(/<script type="application\/json" id="run">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
}

function unpack(packed: string): string {
  return inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8');
}
