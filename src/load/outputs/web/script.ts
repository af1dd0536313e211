/**
 * What runs in the live page. Sections come as they are to stand there, made by the same code as those of the report;
 * one that has not changed is left alone, and where tables were scrolled to is kept.
 */
export const SCRIPT = `'use strict';
const place = document.getElementById('sections');
const state = document.getElementById('state');
const shown = new Map();
const source = new EventSource('/events');
source.addEventListener('sections', (event) => {
  let before = null;
  const sections = JSON.parse(event.data);
  const ids = new Set(sections.map(({ id }) => id));
  for (const old of [...place.children]) if (!ids.has(old.id)) { old.remove(); shown.delete(old.id); }
  for (const { id, html } of sections) {
    let own = document.getElementById(id);
    if (!own || shown.get(id) !== html) {
      const made = document.createElement('template');
      made.innerHTML = html;
      const next = made.content.firstElementChild;
      const places = own ? [...own.querySelectorAll('.scroll')].map((one) => one.scrollLeft) : [];
      const focused = own ? [...own.querySelectorAll('.scroll')].indexOf(document.activeElement) : -1;
      if (own) own.replaceWith(next); else if (before) before.after(next); else place.prepend(next);
      next.querySelectorAll('.scroll').forEach((one, at) => {
        one.scrollLeft = places[at] || 0;
        if (at === focused) one.focus({ preventScroll: true });
      });
      own = next;
      shown.set(id, html);
    }
    before = own;
  }
});
source.addEventListener('end', () => { source.close(); state.textContent = 'The load is over.'; });
source.addEventListener('open', () => { state.textContent = 'Live: once a second.'; });
source.addEventListener('error', () => { state.textContent = 'The connection is gone.'; });
`;
