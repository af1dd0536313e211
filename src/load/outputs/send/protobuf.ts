import type { Writer } from 'protobufjs';

type Scalar = 'bool' | 'double' | 'fixed64' | 'int32' | 'int64' | 'sint32' | 'sint64' | 'string' | 'uint32' | 'uint64';

/** The number of a field, and what it holds: `list` has a message or text for each, `packed` the numbers in a row. */
export interface Field {
  readonly id: number;
  readonly type: Scalar | Shape;
  readonly many?: 'list' | 'packed';
}

/** A message as its `.proto` describes it. 64-bit numbers beyond 2^53 are given as text. */
export type Shape = Readonly<Record<string, Field>>;

/** Values by the names of the fields; what is undefined is left out. */
export type Message = Readonly<Record<string, unknown>>;

const WIRE: Readonly<Record<Scalar, number>> = {
  ...{ bool: 0, int32: 0, int64: 0, sint32: 0, sint64: 0, uint32: 0, uint64: 0 },
  ...{ double: 1, fixed64: 1, string: 2 },
};
const BY_LENGTH = 2;

/** Makes the function that writes messages; the package is loaded for the first. */
export async function openProtobuf(): Promise<(shape: Shape, message: Message) => Uint8Array> {
  const { default: protobuf } = await import('protobufjs/minimal.js');
  return (shape, message) => writeMessage(protobuf.Writer.create(), shape, message).finish();
}

function writeMessage(writer: Writer, shape: Shape, message: Message): Writer {
  for (const name in message) {
    const value = message[name];
    const field = shape[name];
    if (value !== undefined && field !== undefined) writeField(writer, field, value);
  }
  return writer;
}

function writeField(writer: Writer, { id, type, many }: Field, value: unknown): void {
  if (many === 'packed') {
    const items = value as readonly unknown[];
    if (items.length === 0) return;
    writer.uint32((id << 3) | BY_LENGTH).fork();
    for (const item of items) writeScalar(writer, type as Scalar, item);
    writer.ldelim();
    return;
  }
  for (const item of many === 'list' ? (value as readonly unknown[]) : [value]) {
    if (typeof type === 'string') writeScalar(writer.uint32((id << 3) | WIRE[type]), type, item);
    else writeMessage(writer.uint32((id << 3) | BY_LENGTH).fork(), type, item as Message).ldelim();
  }
}

function writeScalar(writer: Writer, type: Scalar, value: unknown): void {
  (writer[type] as (value: unknown) => Writer).call(writer, value);
}
