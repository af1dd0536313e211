import { describe, expect, it } from 'vitest';
import { html, Markup } from '../../../../src/load/outputs/page/markup.ts';

describe('markup', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onload='x'`, '&quot; onload=&#39;x&#39;'],
    ['a & b &amp;', 'a &amp; b &amp;amp;'],
    ['${x} `y`', '${x} `y`'],
    ['up\u202edown\u0000\n', 'up\ufffddown\ufffd\ufffd'],
  ])('keeps %j text', (text, written) => {
    expect(html`<b title="${text}">${text}</b>`.text).toBe(`<b title="${written}">${written}</b>`);
  });

  it('puts markup into markup as it is, and numbers', () => {
    const items = ['<a>', 'b'].map((item, at) => html`<li>${at} ${item}</li>`);
    expect(html`<ul>${items}</ul>${new Markup('<hr>')}${undefined}`.text).toBe(
      '<ul><li>0 &lt;a&gt;</li><li>1 b</li></ul><hr>',
    );
  });
});
