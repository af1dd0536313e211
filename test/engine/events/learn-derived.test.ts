import { describe, expect, it } from 'vitest';
import { startText } from '../../support/run-text.ts';

/** All that a run tells of a flow whose step logs what an expression makes of its secret. */
async function show(secret: string, expression: string): Promise<string> {
  const text = [
    'name: x',
    `env: { T: "${secret}" }`,
    'secrets: [T]',
    'steps:',
    `  - { id: a, on_error: continue, action: assert, config: { data: { made: "{{${expression}}}" }, assertions: ["made == 'other'"] } }`,
    `  - { id: b, action: log, config: { message: "is {{${expression}}}" } }`,
  ].join('\n');
  const { events, finish } = startText(text);
  await finish();
  return JSON.stringify(events.slice(1));
}

const TOKEN = 'sk_Live-Abc99-Def88-Ghi77';
const IN_BASE64 = 'UGxhaW4tcHctOTkx';

describe('what a function makes of a secret', () => {
  it.each([
    [TOKEN, "replace(T, '-', '')", 'sk_LiveAbc99Def88Ghi77'],
    [TOKEN, "replace('key ' + T, '-', '.')", 'sk_Live.Abc99.Def88.Ghi77'],
    [TOKEN, "replace(replace(T, '-', ''), 'i', '_')", 'sk_L_veAbc99Def88Gh_77'],
    [TOKEN, "join(split(T, '-'), '')", 'sk_LiveAbc99Def88Ghi77'],
    ['a1b2c3d4-e5f6-7788-99aa-bbccddeeff00', "replace(T, '-', '')", 'e5f6778899aa'],
    [TOKEN, "split(T, '-')", 'Abc99'],
    [TOKEN, "split(T, '-')[2]", 'Def88'],
    [IN_BASE64, 'base64_decode(T)', 'Plain-pw-991'],
    [IN_BASE64, 'fromBase64(T)', 'Plain-pw-991'],
  ])('is masked too: of %s by %s', async (secret, expression, made) => {
    expect(await show(secret, expression)).not.toContain(made);
  });

  it.each([
    ["replace('a plain-text-991', '-', '')", 'a plaintext991'],
    ["split(T, '-')[0]", 'is sk_Live'],
    ["replace(T, T, 'production')", 'is production'],
    ["replace('plain-text-991 of ' + T, '-', '')", 'plaintext991 of ***'],
    ["base64_decode('UGxhaW4tcHctOTkx')", 'is Plain-pw-991'],
  ])('is not what is made of other texts, nor a word: %s', async (expression, made) => {
    expect(await show(TOKEN, expression)).toContain(made);
  });
});
