import { dictionary } from '@zxcvbn-ts/language-common';

/** What is tried first in France and here, beside what is tried first everywhere. In the form that `folded` gives. */
const FRENCH = `
  motdepasse motdepasse1 motdepasse123 monmotdepasse motdepassesecret azerty azertyuiop azertyuiopqsdfg azertyuiopqsdfgh
  azertyuiopqsdfghjklm qsdfghjklmwxcvbn azerty123 azerty123456789 1234567890azerty 123456789azerty bonjour soleil doudou
  loulou chouchou marseille jetaime jetaimemoncoeur moncoeur monamour nicolas camille julien maxime alexandre thomas
  aurelie sandrine caroline valentin chocolat coucou bisous princesse football olympiquedemarseille parissaintgermain
  allezlesbleus allezparis vivelafrance liberteegalitefraternite servicepublic fonctionpublique administration
  administrateur bienvenue bienvenue123 changezmoi changeme welcome admin correcthorsebatterystaple letmeinletmein
  thisismypassword mypassword choisirleservicepublic republiquefrancaise ministere prefecture mairie concours
  candidature candidat recrutement
`;

const LEAST = 4;

let listed: ReadonlySet<string> | undefined;

/**
 * Some fifty thousand, from real leaks (@zxcvbn-ts/language-common, MIT), in lower case; as they are and folded.
 * Put together when the first password is looked at, which most commands never do.
 */
export function commonPasswords(): ReadonlySet<string> {
  listed ??= new Set(
    [...dictionary['passwords-common'].map(String), ...FRENCH.trim().split(/\s+/)]
      .flatMap((password) => [password, folded(password)])
      .filter((password) => password.length >= LEAST),
  );
  return listed;
}

const LETTER_FOR: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '€': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};
const YEAR = /^(?:19|20)\d\d$/;
/** Longer padding than this is taken for a part of the password. */
const SHORT_PADDING = 4;

/** Without case, accents, spaces and the signs that people put between words. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}\s\-_.,;:'’/|+*]/gu, '');
}

const withLetters = (text: string): string => [...text].map((sign) => LETTER_FOR[sign] ?? sign).join('');

/** The shortest text of which this one is a repetition, the last one possibly broken off; else the text itself. */
export function repeatedUnit(text: string): string {
  const signs = [...text];
  const period = signs.findIndex(
    (_, length) =>
      length > 0 && length <= signs.length / 2 && signs.every((sign, at) => sign === signs[at % length]),
  );
  return period === -1 ? text : signs.slice(0, period).join('');
}

/** Each character the neighbour of the one before, or the same: `abcdefgh`, `87654321`, `aaaa`. */
export function isSequence(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  return steps.size <= 1 && [...steps].every((step) => Math.abs(step) <= 1);
}

const isWeakPadding = (padding: string): boolean =>
  padding.length <= SHORT_PADDING ||
  YEAR.test(padding) ||
  isSequence(repeatedUnit(padding)) ||
  commonPasswords().has(padding);

const isListed = (text: string): boolean =>
  commonPasswords().has(text) || commonPasswords().has(repeatedUnit(text));

/** A listed one with something easy at one end. */
const isPadded = (text: string): boolean =>
  [...text].some((_, at) => {
    const [head, tail] = [text.slice(0, at), text.slice(at)];
    return (isListed(head) && isWeakPadding(tail)) || (isListed(tail) && isWeakPadding(head));
  });

/** Whether a guesser's list has it: as it stands, with letters for digits, repeated, or padded with something easy. */
export function isCommon(password: string): boolean {
  const plain = folded(password);
  return [password.toLowerCase(), plain, withLetters(plain)].some((text) => {
    if (isListed(text) || isPadded(text)) return true;
    const [, before = '', core = '', after = ''] = /^([^\p{L}]*)(.*?)([^\p{L}]*)$/u.exec(text) ?? [];
    return isListed(core) && isWeakPadding(before) && isWeakPadding(after);
  });
}
