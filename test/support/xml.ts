/** An element of a document that was read strictly. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.-]*';
const ATTRIBUTE = new RegExp(`\\s+(${NAME})="([^"<]*)"`, 'y');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** The characters of XML 1.0, production [2]. */
const ALLOWED = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** Reads the XML that reports are made of, and throws at anything that XML 1.0 does not allow in it. */
export function readXml(text: string): XmlElement {
  if (!ALLOWED.test(text)) throw new Error('a character that XML 1.0 does not allow');
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(text);
  if (!head) throw new Error('no XML declaration');
  const reader = new XmlReader(text, head[0].length);
  const root = reader.readElement();
  reader.expectEnd();
  return root;
}

/** All elements of a name below an element, in order. */
export function findElements(root: XmlElement, name: string): readonly XmlElement[] {
  return root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...findElements(child, name)]);
}

class XmlReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  readElement(): XmlElement {
    const name = this.#take(new RegExp(`<(${NAME})`, 'y'), 'a start tag')[1] ?? '';
    const attributes: Record<string, string> = {};
    for (let match = this.#try(ATTRIBUTE); match; match = this.#try(ATTRIBUTE)) {
      const [, key = '', value = ''] = match;
      if (key in attributes) throw new Error(`attribute ${key} twice`);
      // A parser makes a blank of each tab and line feed that is not written as a reference.
      attributes[key] = decode(value.replace(/[\t\n\r]/g, ' '));
    }
    if (this.#take(/\s*(\/?)>/y, 'the end of a tag')[1] === '/') return { name, attributes, children: [], text: '' };
    const children: XmlElement[] = [];
    let content = '';
    while (!this.#text.startsWith('</', this.#at)) {
      if (this.#text[this.#at] === '<') children.push(this.readElement());
      else content += decode(this.#take(/[^<]+/y, 'text or a tag')[0]);
    }
    this.#take(new RegExp(`</${name}\\s*>`, 'y'), `</${name}>`);
    return { name, attributes, children, text: content };
  }

  expectEnd(): void {
    this.#take(/\s*$/y, 'the end');
  }

  #try(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #take(pattern: RegExp, what: string): RegExpExecArray {
    const match = this.#try(pattern);
    if (!match) throw new Error(`expected ${what} at ${this.#at}: ${this.#text.slice(this.#at, this.#at + 40)}`);
    return match;
  }
}

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error('`]]>` in text');
  return text.replace(/&(?:#(\d+)|(\w+)|);?/g, (all, code: string | undefined, name: string | undefined) => {
    const decoded = code === undefined ? ENTITIES[name ?? ''] : String.fromCodePoint(Number(code));
    if (decoded === undefined || !all.endsWith(';')) throw new Error(`a bare & in ${text}`);
    return decoded;
  });
}
