import { describe, expect, it } from 'vitest';
import { hideWorkflowCommands } from '../../src/util/workflow-commands.ts';

describe('commands of CI services', () => {
  it.each([
    ['::error file=a::b', '\\x3a:error file=a::b'],
    ['  \t::add-mask::x', '  \t\\x3a:add-mask::x'],
    ['a\n::error::b\r\n  ::warning::c', 'a\n\\x3a:error::b\r\n  \\x3a:warning::c'],
    ['a ##[error]b ##[group]', 'a \\x23#[error]b \\x23#[group]'],
  ])('are none any more: %j', (text, harmless) => expect(hideWorkflowCommands(text)).toBe(harmless));

  it.each(['a ::error::b', '::1', 'std::vector', '## [a]', ''])('are not seen in %j', (text) =>
    expect(hideWorkflowCommands(text)).toBe(text),
  );
});
