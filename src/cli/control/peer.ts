import type { Socket } from 'node:net';
import { ActionError } from '../../model/action/outcome.ts';
import type { Problem } from '../../model/events.ts';

/** What one side may ask of the other: by name, what is given and what comes back. */
export type Calls<Side> = { readonly [Name in keyof Side]: { readonly given: unknown; readonly result: unknown } };

/** What answers calls. */
export type Handlers<Own extends Calls<Own>> = {
  readonly [Name in keyof Own]: (given: Own[Name]['given']) => Own[Name]['result'] | Promise<Own[Name]['result']>;
};

interface Message {
  /** Of a call that wants an answer, and of the answer. */
  readonly id?: number;
  readonly call?: string;
  readonly given?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly problem?: Problem };
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** One end of a socket over which two processes call each other: a JSON object a line. */
export class Peer<Theirs extends Calls<Theirs>, Own extends Calls<Own>> {
  readonly #socket: Socket;
  readonly #handlers: Handlers<Own>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #closeCalls: (() => void)[] = [];
  #count = 0;
  #rest = '';
  #isClosed = false;

  constructor(socket: Socket, handlers: Handlers<Own>) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
  }

  /** Calls back once the other side is gone. */
  onClose(call: () => void): void {
    if (this.#isClosed) call();
    else this.#closeCalls.push(call);
  }

  /** Asks the other side. @throws what it says; Error when it is gone */
  call<Name extends keyof Theirs & string>(name: Name, given: Theirs[Name]['given']): Promise<Theirs[Name]['result']> {
    if (this.#isClosed) return Promise.reject(gone());
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, call: name, given });
    });
  }

  /** Says something that wants no answer. */
  notify<Name extends keyof Theirs & string>(name: Name, given: Theirs[Name]['given']): void {
    if (!this.#isClosed) this.#send({ call: name, given });
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(message: Message): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parse(line);
      if (!message) this.close();
      else if (message.call !== undefined) void this.#answer(message.call, message);
      else this.#settle(message);
    }
  }

  async #answer(name: string, { id, given }: Message): Promise<void> {
    const handlers: Readonly<Record<string, (given: never) => unknown>> = this.#handlers;
    try {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (!handler) throw new Error(`nothing is called \`${name}\` here`);
      const result = await handler(given as never);
      if (id !== undefined && !this.#isClosed) this.#send({ id, result: result ?? null });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const problem = error instanceof ActionError ? { problem: error.problem } : {};
      if (id !== undefined && !this.#isClosed) this.#send({ id, error: { message, ...problem } });
    }
  }

  #settle({ id = 0, result, error }: Message): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (!error) waiting?.resolve(result as never);
    else waiting?.reject(error.problem ? new ActionError(error.problem) : new Error(error.message));
  }

  #onClose(): void {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.values()) reject(gone());
    this.#waiting.clear();
    for (const call of this.#closeCalls) call();
  }
}

function parse(line: string): Message | undefined {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

function gone(): Error {
  return new ActionError({ kind: 'service', message: '`testmesh up` is gone' });
}
