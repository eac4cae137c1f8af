/**
 * Numbers by which somebody is told apart, though digits say little: of two people's, never only one digit differs. In
 * freed memory the end of a text is often written over, by a single byte that looks like a digit, and what is left of
 * one person's number would be another's.
 */

/**
 * The regulator keeps these for fiction and gives them to nobody (ARCEP, decision 2018-0881), ten thousand of each; one
 * in ten is used here. Whoever comes after that shares one of the last range.
 */
const TELEPHONE_RANGES = ['+3363998', '+3319900', '+3326191', '+3335301', '+3346571'] as const;
const SHARED_TELEPHONES = '+3353649';
const OF_A_RANGE = 1_000;
export const OWN_TELEPHONES = TELEPHONE_RANGES.length * OF_A_RANGE;

/** Of each month three days whose first digits differ. */
const DAYS = ['05', '14', '23'] as const;
const DAYS_OF_A_YEAR = 12 * DAYS.length;
const FIRST_YEAR = 1930;
/** Of the first ten years, which people share who come after those with a day of their own. */
const SHARED_BIRTH_DATES = 10 * DAYS_OF_A_YEAR;
/** Up to the end of 2005. */
export const OWN_BIRTH_DATES = 66 * DAYS_OF_A_YEAR;

/** In E.164; below `OWN_TELEPHONES` nobody else's. */
export function telephoneOf(number: number): string {
  const range = TELEPHONE_RANGES[Math.floor(number / OF_A_RANGE)] ?? SHARED_TELEPHONES;
  const digits = String(number % OF_A_RANGE).padStart(3, '0');
  const check = [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 10;
  return `${range}${digits}${check}`;
}

/** In ISO 8601; below `OWN_BIRTH_DATES` nobody else's. */
export function birthDateOf(number: number): string {
  const place = number < OWN_BIRTH_DATES ? SHARED_BIRTH_DATES + number : number % SHARED_BIRTH_DATES;
  const year = FIRST_YEAR + Math.floor(place / DAYS_OF_A_YEAR);
  const month = 1 + Math.floor((place % DAYS_OF_A_YEAR) / DAYS.length);
  return `${year}-${String(month).padStart(2, '0')}-${DAYS[place % DAYS.length] ?? ''}`;
}
