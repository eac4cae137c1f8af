import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';

/**
 * Postal codes as La Poste distributes them: France itself (the armed forces have 00, Corsica 20, CEDEX codes are
 * those of their department), its overseas territories, each with a country code of its own, and Monaco. La Réunion
 * also delivers CEDEX mail under 977 and 978. Where two share codes, the one where more people live comes first.
 */
const LA_POSTE: Readonly<Record<string, RegExp>> = {
  FR: /^(?!000)(?:(?:[0-8]\d|9[0-5])\d{3}|97\d{3}|98[4678]\d{2})$/,
  GP: /^97[01]\d{2}$/,
  MQ: /^972\d{2}$/,
  GF: /^973\d{2}$/,
  RE: /^97[478]\d{2}$/,
  PM: /^975\d{2}$/,
  YT: /^976\d{2}$/,
  BL: /^97[17]\d{2}$/,
  MF: /^97[018]\d{2}$/,
  TF: /^984\d{2}$/,
  WF: /^986\d{2}$/,
  PF: /^987\d{2}$/,
  NC: /^988\d{2}$/,
  MC: /^980\d{2}$/,
};

/** For countries that nobody has a rule for, and those without postal codes, whose post puts some other code there. */
const ANY = /^[A-Z0-9][A-Z0-9 -]{1,11}$/;

/** As it is written on an envelope: capitals, single spaces. */
export function canonicalPostalCode(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').toUpperCase();
}

/**
 * @param text as `canonicalPostalCode` gives it
 * @param country ISO 3166-1 alpha-2; France unless told
 */
export function isPostalCode(text: string, country = 'FR'): boolean {
  const known = LA_POSTE[country];
  if (known !== undefined) return known.test(text);
  if (!postcodeValidatorExistsForCountry(country)) return ANY.test(text);
  // Many put the country before the code: L-1855, AZ1000.
  const bare = text.startsWith(country) ? text.slice(country.length).replace(/^[ -]/, '') : text;
  return [text, bare].some((code) => code !== '' && postcodeValidator(code, country));
}

/** Whether La Poste delivers there as in France: not so in Monaco. */
export function isFrenchPost(country: string): boolean {
  return country !== 'MC' && country in LA_POSTE;
}

/** Where in the French Republic an address is: its territory's country code; `FR` for the mainland and Corsica. */
export function frenchTerritory(postalCode: string): string {
  const territories = Object.keys(LA_POSTE).filter((code) => code !== 'FR' && isFrenchPost(code));
  return territories.find((code) => LA_POSTE[code]?.test(postalCode) === true) ?? 'FR';
}
