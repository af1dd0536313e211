import { describe, expect, it } from 'vitest';
import { readHttpUrl } from '../../../src/actions/http/url.ts';

/** What is said of an address: `mistake: help`. */
function told(url: string): string {
  const read = readHttpUrl(url);
  return 'url' in read ? read.url.href : `${read.mistake}: ${read.help.join('; ')}`;
}

describe('an address that is no address', () => {
  it.each([
    ['http//127.0.0.1:7790/health', 'http://127.0.0.1:7790/health'],
    ['http:/127.0.0.1/x', 'http://127.0.0.1/x'],
    ['http:127.0.0.1/x', 'http://127.0.0.1/x'],
    ['http;//host/x', 'http://host/x'],
    ['htpp://host/x', 'http://host/x'],
    ['ttp://host/x', 'http://host/x'],
    ['https//host', 'https://host'],
    ['htps://host', 'https://host'],
    ['http:\\\\host\\x', 'http://host\\x'],
    ['http ://host', 'http://host'],
    ['//host/x', 'http://host/x'],
    ['http://http://host/x', 'http://host/x'],
    ['http://https://host/x', 'https://host/x'],
    ['http://http//host/x', 'http://host/x'],
    ['localhost:8080/x', 'http://localhost:8080/x'],
    ['http:8080/x', 'http://http:8080/x'],
    ['api.example.test/x', 'http://api.example.test/x'],
  ])('%s is told with the one that is meant', (url, meant) => {
    expect(told(url)).toContain(`did you mean \`${meant}\`?`);
  });

  it.each([
    ['GET http://host/x', 'write `method: GET` and `url: "http://host/x"`'],
    ['post  /users', 'write `method: POST` and `url: "/users"`'],
    ['DELETE host/x y', 'write `method: DELETE` and `url: "host/x y"`'],
  ])('%s is told to begin with a method', (url, help) => {
    expect(told(url)).toBe(`\`url\`: ${JSON.stringify(url)} begins with a method: ${help}`);
  });

  it.each([
    ['"http://host/x"', 'http://host/x'],
    ["'http://host/x'", 'http://host/x'],
    ['“http://host/x”', 'http://host/x'],
    ['<http://host/x>', 'http://host/x'],
    ['"http//host/x"', 'http://host/x'],
    ['"http://host/x', 'http://host/x'],
  ])('%s is told without the quotes in it', (url, meant) => {
    expect(told(url)).toBe(
      `\`url\`: ${JSON.stringify(url)} has quotes in it: write \`${meant}\`: quotes around it belong to YAML, once`,
    );
  });

  it.each(['ftp://host/x', 'ws://host/x', 'redis://host'])('%s has another scheme, and none that is meant', (url) => {
    expect(told(url)).toBe(`\`url\`: expected \`http://\` or \`https://\`, got \`${url.split('host')[0]}\`: `);
  });

  it.each(['http://host/a b', "http://host/?$filter=name eq 'x'", 'http://https.example.test/x', 'HTTP://host/x'])(
    '%s is one',
    (url) => {
      expect(told(url)).toBe(new URL(url).href);
    },
  );

  it('shows no password', () => {
    expect(told('htpp://ada:s3cr3t@host/x')).not.toContain('s3cr3t');
    expect(told('http//ada:s3cr3t@host/x')).not.toContain('s3cr3t');
    expect(told('"http://ada:s3cr3t@host/x"')).not.toContain('s3cr3t');
  });
});
