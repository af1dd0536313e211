import { Lexer } from 'yaml';

/** A comment, from its `#` to the end of its line. */
export interface YamlComment {
  readonly start: number;
  readonly text: string;
}

/** The comments of a YAML text, not what looks like one within a text. */
export function listComments(text: string): readonly YamlComment[] {
  const comments: YamlComment[] = [];
  let at = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (isMark(lexeme)) continue;
    if (lexeme.startsWith('#')) comments.push({ start: at, text: lexeme });
    at += lexeme.length;
  }
  return comments;
}

/** The lexer says by control characters, which stand nowhere in the text, where documents and flow ends begin. */
function isMark(lexeme: string): boolean {
  return lexeme === '\u0002' || lexeme === '\u0018' || lexeme === '\u001f';
}
