/** Names and texts that could end what they stand in, be taken for something else, or steer a terminal. */
export const HOSTILE: readonly string[] = [
  'line\nfeed\r\nand return',
  '::error file=x,line=1::pwned',
  '%0A::warning::%25',
  ']]> --> </script> &amp; <b>',
  '\u001b[31mred\u001b[0m \u0007 \u009b2J',
  'ok 1 - # TODO later \\# SKIP\n1..0\nBail out!',
  '---\n...\n  ---',
  '```` ``` `tick` **bold** [x](javascript:1) | a | @someone #1 <!-- -->',
  '\ud800 \u2028 \u202e \ufeff \u0000',
  '\'"` ${HOME} $(id) {{x}}',
  '',
];
