import { birthDateOf, OWN_BIRTH_DATES, OWN_TELEPHONES, telephoneOf } from './numbers.ts';

/** More than any drill has. */
const MANY = 20_000;

const numbersOf = (own: number, numberOf: (number: number) => string): readonly string[] =>
  Array.from({ length: own }, (_, number) => numberOf(number));

/** Every text with one character left out, so that two that differ in no other one are alike. */
const withGaps = (text: string): readonly string[] =>
  Array.from(text, (_, at) => `${text.slice(0, at)}_${text.slice(at + 1)}`);

describe('the numbers of seeded people', () => {
  const [telephones, birthDates] = [
    numbersOf(OWN_TELEPHONES, telephoneOf),
    numbersOf(OWN_BIRTH_DATES, birthDateOf),
  ];

  it('are telephone numbers of fiction, and days of the calendar', () => {
    for (let number = 0; number < MANY; number += 1) {
      expect(telephoneOf(number)).toMatch(/^\+33(?:63998|19900|26191|35301|46571|53649)\d{4}$/);
      const birthDate = birthDateOf(number);
      expect(new Date(birthDate).toISOString().slice(0, 10)).toBe(birthDate);
    }
  });

  it('are nobody else’s', () => {
    expect(new Set(telephones).size).toBe(OWN_TELEPHONES);
    expect(new Set(birthDates).size).toBe(OWN_BIRTH_DATES);
    for (let number = OWN_TELEPHONES; number < MANY; number += 1)
      expect(telephones).not.toContain(telephoneOf(number));
    for (let number = OWN_BIRTH_DATES; number < MANY; number += 1)
      expect(birthDates).not.toContain(birthDateOf(number));
  });

  it('do not become another’s when one digit is written over, or the last one of a date', () => {
    const cut = telephones.flatMap(withGaps);
    expect(new Set(cut).size).toBe(cut.length);
    expect(new Set(birthDates.map((birthDate) => birthDate.slice(0, -1))).size).toBe(OWN_BIRTH_DATES);
  });
});
