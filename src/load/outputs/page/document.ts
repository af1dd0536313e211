import { html, Markup } from './markup.ts';
import type { Section } from './sections.ts';
import { STYLE } from './style.ts';

export interface PageParts {
  readonly title: string;
  readonly sections: readonly Section[];
  /** Where a page may load something from, as a Content-Security-Policy; without it nowhere. */
  readonly policy?: string;
  /** The address of its script. */
  readonly script?: string;
}

/** One page, whole: whatever it shows is in it, and none of it is run. */
export function writePage({ title, sections, policy = '', script }: PageParts): string {
  const rules = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'${policy}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(rules)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>${
    script === undefined
      ? undefined
      : html`
<p id="state" role="status"></p>`
  }
<div id="sections">
${sections.map(writeSection)}</div>
</main>${
    script === undefined
      ? undefined
      : html`
<script src="${script}"></script>`
  }
</body>
</html>
`;
  return page.text;
}

export function writeSection({ id, title, body }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`;
}
