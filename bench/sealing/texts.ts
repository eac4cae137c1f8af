/** What a candidate might write: accents, quotation marks, paragraphs. */
const SENTENCES = [
  'Préserver les fonds et les ouvrir à tous, voilà ce que je veux faire.',
  'Pendant six ans, j’ai dirigé une petite équipe aux archives du département.',
  'On m’y a appris que « rendre service » n’est pas une formule.',
  'Je parle breton et anglais, et je me déplace volontiers.',
  'Your notice says "a taste for detail": I have that.',
];
const SENTENCES_PER_PARAGRAPH = 6;

export const SIZES = [
  { label: '32 B', bytes: 32 },
  { label: '200 B', bytes: 200 },
  { label: '2 kB', bytes: 2_000 },
  { label: '20 kB', bytes: 20_000 },
] as const;

/** @returns a text that has so many bytes in UTF-8 */
export function textOf(bytes: number): string {
  let text = '';
  for (let index = 0; Buffer.byteLength(text) < bytes; index += 1) {
    const separator = (index + 1) % SENTENCES_PER_PARAGRAPH === 0 ? '\n\n' : ' ';
    text += `${SENTENCES[index % SENTENCES.length] ?? ''}${separator}`;
  }
  let end = text.length;
  while (Buffer.byteLength(text.slice(0, end)) > bytes) end -= 1;
  const cut = text.slice(0, end);
  return cut + '.'.repeat(bytes - Buffer.byteLength(cut));
}
