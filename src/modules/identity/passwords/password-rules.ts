import type { Bilingual } from '../../../kernel/errors.js';
import { COMMON_PASSWORDS } from './common-passwords.js';

/** NIST SP 800-63B-4: length instead of composition; counted in code points after normalisation. */
const LEAST = 15;
const MOST = 128;

export const PASSWORD_PROBLEMS = {
  too_short: {
    en: 'Use at least 15 characters; a sentence is easiest to remember.',
    fr: 'Utilisez au moins 15 caractères ; une phrase est plus facile à retenir.',
  },
  too_long: { en: 'Use at most 128 characters.', fr: 'Utilisez au plus 128 caractères.' },
  common: {
    en: 'This password is among the first ones that are tried.',
    fr: "Ce mot de passe est l'un des premiers essayés.",
  },
  repetitive: {
    en: 'Use more than a few different characters.',
    fr: 'Utilisez plus que quelques caractères différents.',
  },
  contains_email: {
    en: 'Do not use your e-mail address in it.',
    fr: "N'y mettez pas votre adresse électronique.",
  },
} as const satisfies Record<string, Bilingual>;

export type PasswordProblem = keyof typeof PASSWORD_PROBLEMS;

/** The form in which a password is hashed and compared: NFC, nothing else changed. */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

const condensed = (text: string): string => text.toLowerCase().replaceAll(/\s/g, '');

/** @returns why a password cannot be used, or `undefined` when it can */
export function passwordProblem(password: string, email: string): PasswordProblem | undefined {
  const normal = normalisePassword(password);
  const characters = [...normal];
  if (characters.length < LEAST) return 'too_short';
  if (characters.length > MOST) return 'too_long';
  if (new Set(characters).size < 5 || isSequence(characters)) return 'repetitive';
  const plain = condensed(normal);
  if (COMMON_PASSWORDS.has(plain)) return 'common';
  const [local = ''] = email.toLowerCase().split('@');
  return local.length >= 4 && plain.includes(local) ? 'contains_email' : undefined;
}

/** Each character the neighbour of the one before: `abcdefghijklmnop`. */
function isSequence(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)));
  return steps.size === 1 && [...steps].every((step) => Math.abs(step) <= 1);
}
