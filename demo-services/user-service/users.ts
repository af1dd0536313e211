import { randomBytes } from 'node:crypto';
import { createdColumn, idColumn, updatedColumn } from '../shared/columns.ts';
import type { Queryable, Row } from '../shared/database.ts';

export const tables = `
  CREATE TABLE IF NOT EXISTS users (
    ${idColumn}, email text NOT NULL UNIQUE, name text NOT NULL, ${createdColumn}, ${updatedColumn}
  );
  CREATE TABLE IF NOT EXISTS sessions (
    token text PRIMARY KEY, user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE, ${createdColumn}
  );`;

/** Stores a user; undefined when the e-mail address is taken. */
export async function insertUser(db: Queryable, email: string, name: string): Promise<Row | undefined> {
  const insert = 'INSERT INTO users (email, name) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING RETURNING *';
  return (await db.query(insert, [email, name])).rows[0];
}

/** Replaces the name of the user who has this e-mail address. */
export async function renameUser(db: Queryable, email: string, name: string): Promise<Row | undefined> {
  return (await db.query('UPDATE users SET name = $2 WHERE email = $1 RETURNING *', [email, name])).rows[0];
}

/** The user created before this one. */
export async function findUserBefore(db: Queryable, id: unknown): Promise<Row | undefined> {
  const select = `SELECT * FROM users WHERE created_at < (SELECT created_at FROM users WHERE id = $1)
    ORDER BY created_at DESC LIMIT 1`;
  return (await db.query(select, [id])).rows[0];
}

export async function findUser(db: Queryable, id: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM users WHERE id = $1', [id])).rows[0];
}

export async function findUserByEmail(db: Queryable, email: string): Promise<Row | undefined> {
  return (await db.query('SELECT * FROM users WHERE email = $1', [email])).rows[0];
}

/** All users, oldest first, or as many as `limit` says. */
export async function listUsers(db: Queryable, limit?: number): Promise<Row[]> {
  return (await db.query('SELECT * FROM users ORDER BY created_at, id LIMIT $1', [limit ?? null])).rows;
}

/** Opens a session and returns its token. */
export async function openSession(db: Queryable, userId: unknown): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await db.query('INSERT INTO sessions (token, user_id) VALUES ($1, $2)', [token, userId]);
  return token;
}

/** The user that a token belongs to. */
export async function findSession(db: Queryable, token: string): Promise<unknown> {
  return (await db.query('SELECT user_id FROM sessions WHERE token = $1', [token])).rows[0]?.['user_id'];
}
