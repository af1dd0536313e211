import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../model/action/resources.ts';
import type { LoadSummary, ThresholdSummary } from '../../metrics/load-summary.ts';
import { type Output, type OutputAbout, type OutputEnd, OutputMistake, type Series } from '../../metrics/samples.ts';
import type { OutputWorld } from '../output-world.ts';
import { writePage, writeSection } from '../page/document.ts';
import { listSections } from '../page/sections.ts';
import { ViewMaker } from '../page/view.ts';
import { isOwnHost, type ListenAddress, readListenAddress } from './listen-address.ts';
import { SCRIPT } from './script.ts';

const TITLE = 'Load, live';
/** A browser that has not taken so much gets nothing more until it has. */
const MOST_WAITING_BYTES = 1024 * 1024;
/** How long browsers may take for the last of it. */
const LAST_MS = 2000;

/** Shows a load in a browser while it runs. @throws OutputMistake when the address is none */
export function createLiveOutput(target: string, world: OutputWorld): Output {
  return new LivePage(readListenAddress(target), world.clock);
}

class LivePage implements Output {
  readonly name = 'web';
  readonly wantsRaw = false;
  readonly #listen: ListenAddress;
  readonly #clock: Clock;
  readonly #browsers = new Set<ServerResponse>();
  #server: Server | undefined;
  #maker: ViewMaker | undefined;

  constructor(listen: ListenAddress, clock: Clock) {
    this.#listen = listen;
    this.#clock = clock;
  }

  get address(): string | undefined {
    const place = this.#server?.address() as AddressInfo | null | undefined;
    if (!place) return undefined;
    return `http://${place.family === 'IPv6' ? `[${place.address}]` : place.address}:${place.port}/`;
  }

  async start(about: OutputAbout): Promise<void> {
    this.#maker = new ViewMaker(about);
    const { host, port } = this.#listen;
    const server = createServer((request, response) => this.#answer(request, response));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, resolve);
      });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const why = code === 'EADDRINUSE' ? 'another program listens there' : (code ?? String(error));
      throw new OutputMistake(`--out web: cannot listen at ${host}:${port}: ${why}`, [
        '--out web=127.0.0.1:0 takes a free port',
      ]);
    }
    // It does not keep the process alive by itself.
    this.#server = server.unref();
  }

  takeSeries(series: readonly Series[], atMs: number): void {
    this.#maker?.takeSeries(series, atMs);
  }

  takeThresholds(thresholds: readonly ThresholdSummary[]): void {
    this.#maker?.takeThresholds(thresholds);
    this.#tell();
  }

  takeSummary(summary: LoadSummary): void {
    this.#maker?.takeSummary(summary);
  }

  async close(): Promise<OutputEnd> {
    const server = this.#server;
    if (server) {
      this.#tell();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const browser of this.#browsers) browser.end('event: end\ndata: {}\n\n');
      server.closeIdleConnections();
      const cancel = this.#clock.after(LAST_MS, () => server.closeAllConnections());
      await closed;
      cancel();
    }
    return { written: 0, lost: 0, notes: [] };
  }

  #tell(): void {
    const ready = [...this.#browsers].filter(({ writableLength }) => writableLength < MOST_WAITING_BYTES);
    if (ready.length === 0) return;
    const text = this.#writeSections();
    for (const browser of ready) browser.write(text);
  }

  #writeSections(): string {
    const sections = this.#maker ? listSections(this.#maker.make()) : [];
    const written = sections.map((section) => ({ id: section.id, html: writeSection(section).text.trim() }));
    return `event: sections\ndata: ${JSON.stringify(written)}\n\n`;
  }

  #answer({ method, url, headers }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    if (!isOwnHost(headers.host, this.#listen.host)) end(response, 421, 'this page has another name\n');
    else if (method !== 'GET' && method !== 'HEAD') end(response, 405, 'only GET\n');
    else if (url === '/') end(response, 200, this.#writeWhole(), 'text/html');
    else if (url === '/live.js') end(response, 200, SCRIPT, 'text/javascript');
    else if (url === '/events') this.#follow(response);
    else end(response, 404, 'not found\n');
  }

  #writeWhole(): string {
    const sections = this.#maker ? listSections(this.#maker.make()) : [];
    const policy = "; script-src 'self'; connect-src 'self'";
    return writePage({ title: TITLE, sections, policy, script: '/live.js' });
  }

  #follow(response: ServerResponse): void {
    // A connection that is kept for more requests would have the end of the load wait for it.
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', connection: 'close' });
    response.write(`retry: 1000\n\n${this.#writeSections()}`);
    this.#browsers.add(response);
    response.on('close', () => this.#browsers.delete(response));
  }
}

function end(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, connection: 'close' }).end(text);
}
