import { gzipSync } from 'node:zlib';
import { startEchoServer } from '../servers/echo-server.ts';
import type { TestServer } from '../servers/http-server.ts';

/** How services write a text into what they answer, by the last part of the path. */
const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ text, list: [text], [text]: 1, deep: { text: `x${text}y` } }),
  broken: (text) => `{"error": "${text}`,
  twice: (text) => JSON.stringify({ text: JSON.stringify({ text }) }),
  go: (text) => `{"text":${escapeUnits(JSON.stringify(text), /[<>&\u2028\u2029]/g)}}`,
  ascii: (text) => `{"text":${escapeUnits(JSON.stringify(text), /[^ -~]|[+'&<>`]/g)}}`,
  upper: (text) =>
    `error: ${escapeUnits(JSON.stringify(text), /[^ -~]|['&<>]/g).replaceAll(/(?<=\\u)[0-9a-f]{4}/g, (hex) => hex.toUpperCase())}`,
  html: (text) => `<p>${text.replaceAll(/[&<>"'+`]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</p>`,
  entities: (text) =>
    `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#x27;')}</p>`,
  url: (text) => `see ${encodeURIComponent(text.toWellFormed())}`,
  lower: (text) => `see ${encodeURIComponent(text).replaceAll(/%../g, (hex) => hex.toLowerCase())}`,
  form: (text) => `${new URLSearchParams({ text })}`,
  base64: (text) => Buffer.from(`user:${text}`).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  cut: (text) => `invalid value "${Array.from(text).slice(0, 40).join('')}...`,
};

export const SPELLING_NAMES: readonly string[] = Object.keys(SPELLINGS);

/** A server that answers with the text that it gets, else with the one that it knows, spelled as the path says; its headers say it, too. */
export interface Speller extends TestServer {
  known: string;
}

/** Starts it on 127.0.0.1. */
export async function startSpeller(): Promise<Speller> {
  const echo = await startEchoServer();
  const speller: Speller = { ...echo, known: 'nothing' };
  echo.answer = ({ url, body }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const name = pathname.split('/').at(-1) ?? '';
    const text = body.length > 0 ? body.toString() : (searchParams.get('text') ?? speller.known);
    if (name === 'broken-off') {
      const packed = gzipSync(JSON.stringify({ text, more: 'abc'.repeat(1000) }));
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(packed.subarray(0, packed.length - 20));
      return;
    }
    const spell = SPELLINGS[name] ?? ((one: string) => one);
    const isJson = /^(?:json|broken|twice|go|ascii)$/.test(name);
    const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
    response.writeHead(200, { 'content-type': type, 'x-text': encodeURI(text.toWellFormed()) });
    response.end(spell(text));
  };
  return speller;
}

function escapeUnits(text: string, units: RegExp): string {
  return text.replaceAll(units, (unit) =>
    unit
      .split('')
      .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
