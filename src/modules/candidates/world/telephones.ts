import { type CountryCode, isSupportedCountry, parsePhoneNumberWithError } from 'libphonenumber-js/max';

const HOME: CountryCode = 'FR';

/**
 * A telephone number in E.164, however it was written.
 * @param country ISO 3166-1 alpha-2: whose national form to read where there is no `+`; France where the country has no
 *   numbering plan of its own
 * @returns `undefined` for what no telephone has
 */
export function e164(text: string, country: string): string | undefined {
  try {
    const number = parsePhoneNumberWithError(text.replaceAll(/\s/gu, ' '), {
      defaultCountry: isSupportedCountry(country) ? country : HOME,
      extract: false,
    });
    // An extension has no place in E.164, and leaving it out would lead elsewhere.
    if (number.ext !== undefined) return undefined;
    // Regulators give out new ranges before libraries know them, and keep some for fiction. Whoever names the country
    // is believed where the length is right; only what is read as some country's own has to be one of its numbers.
    const isThere = text.trim().startsWith('+') ? number.isPossible() : number.isValid();
    return isThere ? number.number : undefined;
  } catch {
    return undefined;
  }
}
