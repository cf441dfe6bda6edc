/** Why two companies may be the same one. */
export type Likeness = 'NAME' | 'SIMILAR_NAME' | 'DOMAIN';

const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', å: 'aa', œ: 'oe' };

/** Legal forms and their parts, after folding: words that say nothing about which company it is. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  `gmbh mbh ggmbh ag kg kgaa ohg gbr ug se eg ev ek eu co cie compagnie company inc incorporated corp corporation ltd
   limited llc llp lp plc sa sas sarl srl spa sro bv nv oy ab as aps gesmbh und and et partg partgmbb haftungsbeschraenkt`.split(
    /\s+/,
  ),
);

/** From this share of common trigrams on two names are taken for similar. */
const SIMILAR = 0.55;

/** A name as it is compared: lower case, umlauts folded, legal forms and punctuation gone. Undefined when nothing is left. */
export function nameKey(name: string): string | undefined {
  const folded = name
    .toLowerCase()
    .replaceAll(/[äöüßæøåœ]/g, (letter) => UMLAUTS[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    // Dots inside abbreviations: "G.m.b.H." and "e.V." are one word.
    .replaceAll(/(?<=\b\p{L})\.(?=\p{L}\b|\s|$|\p{P})/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const words = folded.split(' ').filter((word) => word !== '');
  const telling = words.filter((word) => !LEGAL_FORMS.has(word));
  const key = (telling.length > 0 ? telling : words).join(' ');
  return key === '' ? undefined : key;
}

/** How alike two name keys are, 0 to 1: the share of common trigrams, words padded as pg_trgm does. */
export function nameSimilarity(a: string, b: string): number {
  const left = trigrams(a);
  const right = trigrams(b);
  const common = [...left].filter((trigram) => right.has(trigram)).length;
  const all = left.size + right.size - common;
  return all === 0 ? 0 : common / all;
}

function trigrams(key: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of key.split(' ')) {
    const padded = `  ${word} `;
    for (let start = 0; start + 3 <= padded.length; start += 1) found.add(padded.slice(start, start + 3));
  }
  return found;
}

/** Why a known company may be the wanted one, with a score to order by; undefined when nothing speaks for it. */
export function likeness(
  wanted: { readonly nameKey: string | undefined; readonly domain: string | undefined },
  known: { readonly nameKey: string | null; readonly domain: string | null },
): { readonly because: readonly Likeness[]; readonly score: number } | undefined {
  const because: Likeness[] = [];
  let score = 0;
  if (wanted.nameKey !== undefined && known.nameKey !== null) {
    const similarity = wanted.nameKey === known.nameKey ? 1 : nameSimilarity(wanted.nameKey, known.nameKey);
    if (similarity === 1) because.push('NAME');
    else if (similarity >= SIMILAR) because.push('SIMILAR_NAME');
    if (similarity >= SIMILAR) score += similarity;
  }
  if (wanted.domain !== undefined && wanted.domain === known.domain) {
    because.push('DOMAIN');
    score += 1;
  }
  return because.length === 0 ? undefined : { because, score };
}
