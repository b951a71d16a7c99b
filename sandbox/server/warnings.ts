/** Texts for `Warning` headers: each once, and no more of them than clients can take. */

/** As the real server: beyond so many characters in all, each text is cut to so many. */
const ALL = 4096;
const EACH = 256;

export interface Warnings {
  add(text: string): void;
  /** In their order, cut where there are too many. */
  texts(): readonly string[];
}

export function createWarnings(): Warnings {
  const said = new Set<string>();
  let shown: string[] = [];
  let length = 0;
  let cuts = false;

  function show(text: string): void {
    const characters = [...text];
    const kept = cuts && characters.length > EACH ? characters.slice(0, EACH) : characters;
    length += kept.length;
    shown.push(kept.length === characters.length ? text : kept.join(''));
  }

  return {
    add(text) {
      if (text === '' || said.has(text) || (cuts && length >= ALL)) return;
      said.add(text);
      if (cuts || length + [...text].length <= ALL) return show(text);
      cuts = true;
      shown = [];
      length = 0;
      for (const each of said) show(each);
    },
    texts: () => shown,
  };
}
