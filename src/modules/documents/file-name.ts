import { MEDIA_TYPES, type MediaType } from './document.js';

/** Characters, of which the longest need four bytes: what every file system takes. */
const MOST_CHARACTERS = 120;
/** Control and format characters, among them those that turn the direction of writing round. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The name under which a file is kept and handed out: the last part of any path, without what cannot be seen, ending as
 * the file's own type does, whatever the given name says.
 */
export function fileNameOf(given: string, mediaType: MediaType): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const visible = last.replaceAll(INVISIBLE, '').replaceAll(/\s+/g, ' ').trim();
  const endings: readonly [string, ...string[]] = MEDIA_TYPES[mediaType];
  const [, stem = visible, ending = ''] = /^(.*)\.([^.]*)$/.exec(visible) ?? [];
  const isRight = endings.includes(ending.toLowerCase());
  const kept = (isRight ? stem : visible).replace(/^[.\s]+/, '');
  const short = [...kept].slice(0, MOST_CHARACTERS).join('').trim();
  return `${short === '' ? 'document' : short}.${isRight ? ending.toLowerCase() : endings[0]}`;
}
