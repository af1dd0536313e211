import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Queryable, Row } from '../shared/database.ts';
import { HttpProblem } from '../shared/http.ts';
import type { Parts } from '../shared/service.ts';
import { isUuid } from '../shared/uuid.ts';
import { requireSession } from './sessions.ts';

export const pictureTable = `
  CREATE TABLE IF NOT EXISTS pictures (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    filename text NOT NULL, media_type text NOT NULL, caption text, tags text[] NOT NULL, content bytea NOT NULL
  );`;

interface Picture {
  readonly filename: string;
  readonly mediaType: string;
  readonly caption: string | null;
  readonly tags: readonly string[];
  readonly content: Buffer;
}

/** A picture of each user: put by the user alone, as a form with a file, and read by anybody. */
export function addPictureRoutes(app: FastifyInstance, { database }: Parts): void {
  app.addContentTypeParser(/^multipart\/form-data/, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.put<{ Params: { id: string } }>('/api/v1/users/:id/picture', async (request) => {
    const { id } = request.params;
    if ((await requireSession(database, request)) !== id)
      throw new HttpProblem(403, 'this is the picture of another user');
    const picture = await readPicture(request);
    await storePicture(database, id, picture);
    const { filename, mediaType, caption, tags, content } = picture;
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { user_id: id, filename, media_type: mediaType, caption, tags, size: content.length, sha256 };
  });

  app.get<{ Params: { id: string } }>('/api/v1/users/:id/picture', async (request, reply) => {
    const { id } = request.params;
    const picture = isUuid(id) ? await findPicture(database, id) : undefined;
    if (picture === undefined) throw new HttpProblem(404, 'picture not found');
    return reply.type(String(picture['media_type'])).send(picture['content']);
  });
}

async function readPicture(request: FastifyRequest): Promise<Picture> {
  const form = await readForm(request);
  const picture = form.get('picture');
  const caption = form.get('caption');
  if (picture === null || typeof picture === 'string') throw new HttpProblem(400, 'a file `picture` is required');
  return {
    filename: picture.name,
    mediaType: picture.type,
    caption: typeof caption === 'string' ? caption : null,
    tags: form.getAll('tag').map(String),
    content: Buffer.from(await picture.arrayBuffer()),
  };
}

async function readForm({ headers, body }: FastifyRequest): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  try {
    if (!Buffer.isBuffer(body)) throw new Error('no form');
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch {
    throw new HttpProblem(400, 'the body must be a form with parts (multipart/form-data)');
  }
}

async function storePicture(db: Queryable, userId: string, picture: Picture): Promise<void> {
  const { filename, mediaType, caption, tags, content } = picture;
  const insert = `INSERT INTO pictures (user_id, filename, media_type, caption, tags, content)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (user_id) DO UPDATE SET filename = $2, media_type = $3, caption = $4, tags = $5, content = $6`;
  await db.query(insert, [userId, filename, mediaType, caption, tags, content]);
}

async function findPicture(db: Queryable, userId: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM pictures WHERE user_id = $1', [userId])).rows[0];
}
