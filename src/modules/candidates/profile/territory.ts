/** Officially assigned country codes (ISO 3166-1 alpha-2). */
export const COUNTRIES: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
).split(' ');

/** Where postal codes are the five digits of La Poste: France, its overseas territories, and Monaco. */
const FIVE_DIGITS: ReadonlySet<string> = new Set([
  'FR',
  'BL',
  'GF',
  'GP',
  'MC',
  'MF',
  'MQ',
  'NC',
  'PF',
  'PM',
  'RE',
  'TF',
  'WF',
  'YT',
]);

/** @param country ISO 3166-1 alpha-2; France unless told */
export function isPostalCode(text: string, country = 'FR'): boolean {
  return FIVE_DIGITS.has(country) ? /^\d{5}$/.test(text) : /^[A-Z0-9][A-Z0-9 -]{1,11}$/i.test(text);
}

/** Sign languages that the locale data have no name for (ISO 639-3): French, Belgian, Swiss and some neighbours. */
const SIGN_LANGUAGES: ReadonlySet<string> = new Set([
  'ase',
  'bfi',
  'csc',
  'fsl',
  'gsg',
  'ise',
  'psr',
  'sfb',
  'ssp',
  'ssr',
]);

/** Whether a text is a well-formed language tag (BCP 47) of a language that somebody speaks or signs. */
export function isLanguage(tag: string): boolean {
  if (SIGN_LANGUAGES.has(tag)) return true;
  try {
    return new Intl.DisplayNames(['fr'], { type: 'language', fallback: 'none' }).of(tag) !== undefined;
  } catch {
    return false;
  }
}
