import { FieldWalker } from './field-walker.ts';

export const PRODUCE = 0;

const FLEXIBLE_FROM = 9;
const CLIENT_ID = 12;

/** The topics that a Produce request writes to; undefined when it wants no answer. @throws RangeError when it is none */
export function listTopics(request: Buffer): readonly string[] | undefined {
  const version = request.readInt16BE(6);
  const fields = new FieldWalker(request, version >= FLEXIBLE_FROM, (address) => address);
  fields.skip(CLIENT_ID + 2 + Math.max(0, request.readInt16BE(CLIENT_ID)));
  fields.tags();
  if (version >= 3) fields.text();
  const start = fields.position;
  fields.skip(2 + 4);
  if (request.readInt16BE(start) === 0) return undefined;
  const topics: string[] = [];
  fields.list(() => {
    topics.push(fields.text() ?? '');
    fields.list(() => {
      fields.skip(4);
      fields.records();
      fields.tags();
    });
    fields.tags();
  });
  return topics;
}
