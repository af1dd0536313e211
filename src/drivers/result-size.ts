import type { Socket } from 'node:net';

/** What the answers to one statement may take, in bytes: who forgot a LIMIT is to hear of it while there is memory left. */
export const LARGEST_RESULT = 256 * 1024 * 1024;
/** What a row and a cell take in memory beside their texts. */
const ROW_BYTES = 64;
const CELL_BYTES = 24;

/** A statement brought more than is kept. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';

  /** Those that came before. */
  readonly rows: number;

  constructor(rows: number) {
    super(`more than ${LARGEST_RESULT} bytes`);
    this.rows = rows;
  }
}

/** The rows of one statement that are kept: so many at most, and of so many bytes. */
export class KeptRows<Row extends readonly unknown[]> {
  readonly #maxRows: number;
  #rows: Row[] = [];
  #bytes = 0;
  #isCut = false;

  constructor(maxRows: number) {
    this.#maxRows = maxRows;
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Whether there were more rows than `maxRows`. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Gives the error, once, when they have become too large: then all are dropped. */
  add(row: Row): ResultTooLarge | undefined {
    const isOver = this.#bytes > LARGEST_RESULT;
    this.#isCut = isOver || this.#rows.length >= this.#maxRows;
    if (this.#isCut) return undefined;
    this.#bytes += ROW_BYTES + CELL_BYTES * row.length;
    for (const cell of row) if (typeof cell === 'string' || Buffer.isBuffer(cell)) this.#bytes += cell.length;
    const count = this.#rows.push(row);
    if (this.#bytes <= LARGEST_RESULT) return undefined;
    this.#rows = [];
    return new ResultTooLarge(count - 1);
  }
}

/**
 * Ends a connection on which something longer than a whole result may be comes in one piece, which its client would gather to the
 * end; gives what is to be called whenever a piece is over.
 */
export function boundPieces(socket: Socket): () => void {
  let start = socket.bytesRead;
  socket.prependListener('data', () => {
    if (socket.bytesRead - start > LARGEST_RESULT) socket.destroy(new ResultTooLarge(0));
  });
  return () => {
    start = socket.bytesRead;
  };
}
