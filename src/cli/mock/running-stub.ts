import { listen } from '../../actions/stub/open-stub.ts';
import { createAllRoutes, createUpkeep, setUpStub } from '../../actions/stub/set-up-stub.ts';
import { openContract } from '../../actions/stub/stub-contract.ts';
import { StubErrors } from '../../actions/stub/stub-errors.ts';
import { StubTimers } from '../../actions/stub/stub-timers.ts';
import { type StubDuties, StubView } from '../../actions/stub/stub-view.ts';
import { StubFront } from '../../actions/stub/wire/stub-front.ts';
import { createTransport } from '../../actions/stub/wire/transport.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { describeThrown } from '../../engine/outcome/thrown.ts';
import type { Problem } from '../../model/events.ts';
import { renderProblem } from '../../source/render/render-problem.ts';
import { countOf } from '../../util/count.ts';
import type { Paint } from '../../util/paint.ts';
import type { MockFlags } from '../arguments/flags.ts';
import type { Terminal } from '../process/terminal.ts';
import { AdminServer } from './admin.ts';
import type { LoadedStub } from './load-stub.ts';
import type { Recorder } from './recorder.ts';
import { describeAnswered } from './request-line.ts';
import { type RenderedStub, StubSession } from './stub-session.ts';

interface About {
  readonly terminal: Terminal;
  readonly version: string;
  readonly paint: Paint;
  /** The service that is asked what no route takes, in the place of the file's `fallback`. */
  readonly proxy: string | undefined;
  readonly recorder: Recorder | undefined;
}

/** A stub that runs on its own: prints what it is asked, may be replaced, and is administered over a port of its own. */
export class RunningStub {
  readonly #about: About;
  readonly #session: StubSession;
  readonly #timers: StubTimers;
  #rendered: RenderedStub | undefined;
  #view: StubView | undefined;
  #front: StubFront | undefined;
  #admin: AdminServer | undefined;
  #answered = 0;
  #unmatched = 0;

  constructor(stops: OuterStops, about: About) {
    this.#about = about;
    const warn = (text: string): void => about.terminal.writeError(`${text}\n`);
    this.#session = new StubSession(stops, { ...about, warn });
    this.#timers = new StubTimers(this.#session.clock);
  }

  /** Listens; `admin` is undefined unless it is wanted. @throws ActionError when a port is taken, or the settings cannot be rendered */
  async start(
    loaded: LoadedStub,
    flags: Pick<MockFlags, 'port' | 'admin'>,
  ): Promise<{ url: string; admin: number | undefined }> {
    const rendered = this.#session.render(loaded);
    const { directory } = rendered.io.facts;
    const transport = await createTransport(rendered.config, { directory, nowMs: this.#session.clock.now() });
    const [routes, duties] = this.#setUp(rendered);
    const view = new StubView(routes, duties);
    const front = new StubFront(transport, duties.clock, (arrival, reply) => view.take(arrival, reply));
    const port = await listen(front, flags.port ?? rendered.config.port ?? 0, chooseBy('--port'));
    this.#view = view;
    this.#front = front;
    const url = `${transport.scheme}://127.0.0.1:${port}`;
    if (flags.admin === undefined) return { url, admin: undefined };
    this.#admin = new AdminServer({
      view,
      ca: transport.ca,
      mask: (text) => this.mask(text),
      reset: () => this.#reset(),
    });
    return { url, admin: await listen(this.#admin, flags.admin, chooseBy('--admin')) };
  }

  /** Answers by another file from now on; says whether it could be rendered. */
  replace(loaded: LoadedStub): boolean {
    try {
      const before = this.#rendered?.config.port;
      const rendered = this.#session.render(loaded);
      this.#view?.serve(...this.#setUp(rendered));
      if (rendered.config.port !== before)
        this.#about.terminal.writeError('note: a new `port` takes effect at the next start\n');
      return true;
    } catch (error) {
      const { problem, source } = describeThrown(error);
      if (source === 'bug') throw error;
      this.print(problem);
      return false;
    }
  }

  /** Prints what went wrong, secrets masked. */
  print(problem: Problem): void {
    const { terminal, paint } = this.#about;
    terminal.writeError(`${this.mask(renderProblem(problem, paint))}\n`);
  }

  /** The text without secrets. */
  mask(text: string): string {
    return this.#session.secrets.maskText(text);
  }

  /** The files of the document that it answers by, or is held against. */
  get documents(): readonly string[] {
    return this.#view?.contract?.contract.files ?? [];
  }

  get routeCount(): number {
    return this.#view?.routes.length ?? 0;
  }

  /** `12 requests, 2 of them by no route`. */
  describeEnd(): string {
    const unmatched = this.#unmatched === 0 ? '' : `, ${this.#unmatched} of them matched no route`;
    return `stopped after ${countOf(this.#answered, 'request')}${unmatched}`;
  }

  /** Ends it; the ports are free again. */
  async close(): Promise<void> {
    this.#timers.cancel();
    await Promise.all([this.#front?.close(), this.#admin?.close()]);
    await this.#session.close();
  }

  #setUp(rendered: RenderedStub): [ReturnType<typeof createAllRoutes>, StubDuties] {
    const { io } = rendered;
    const { terminal, paint, proxy, recorder } = this.#about;
    const config = proxy === undefined ? rendered.config : { ...rendered.config, fallback: { proxy } };
    const contract = openContract(config, io);
    for (const warning of contract?.contract.warnings ?? []) terminal.writeError(`note: ${warning}\n`);
    const upkeep = createUpkeep(io.clock, {
      contract,
      errors: new StubErrors((problem) => this.print(problem)),
      timers: this.#timers,
    });
    const common = setUpStub(config, io, upkeep);
    const duties: StubDuties = {
      ...common,
      async answerUnmatched(unmatched, routes) {
        const answer = await common.answerUnmatched(unmatched, routes);
        recorder?.add(unmatched, answer);
        return answer;
      },
      onAnswer: (request, answered) => {
        this.#answered++;
        if (request.matched_route === null) this.#unmatched++;
        terminal.write(`${this.mask(describeAnswered(request, answered, paint))}\n`);
      },
    };
    const routes = createAllRoutes(config, io, upkeep);
    this.#rendered = rendered;
    return [routes, duties];
  }

  #reset(): number {
    const view = this.#view;
    if (!view || !this.#rendered) return 0;
    const { total } = view.log;
    view.forget();
    const { config, io } = this.#rendered;
    view.configure(createAllRoutes(config, io, view), true);
    return total;
  }
}

function chooseBy(flag: string): string {
  return `choose another with \`${flag}\`; with 0 it is a free one`;
}
