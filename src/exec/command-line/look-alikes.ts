/** Characters that look like ones with a meaning, or like nothing. Unquoted they are never meant: they come from word processors, or to deceive. */

const KINDS: readonly { characters: RegExp; what: string; remedy: string }[] = [
  {
    characters: /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/,
    what: 'a dash that is not `-`',
    remedy: 'Write flags with the ASCII `-`, or quote the word.',
  },
  {
    characters: /[\u2018-\u201f\u2032\u2033\uff02\uff07]/,
    what: 'a typographic quote',
    remedy: 'Write ASCII quotes, or put the word in them.',
  },
  {
    characters: /[\p{Zs}\p{Zl}\p{Zp}]/u,
    what: 'a blank that is not an ASCII space',
    remedy: 'Write a plain space, or quote the word.',
  },
  {
    characters: /[\p{Cf}\p{Co}\p{Cn}]/u,
    what: 'an invisible character',
    remedy: 'Remove it, or quote the word where it is meant.',
  },
];

/** Why an unquoted character beyond ASCII is refused; undefined for letters and their like. */
export function lookAlike(character: string): { what: string; remedy: string } | undefined {
  return KINDS.find(({ characters }) => characters.test(character));
}
