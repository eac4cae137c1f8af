import { faker } from '@faker-js/faker/locale/fr';
import { canaryPerson } from './canary-person.js';

const NOW = new Date('2026-11-30T10:00:00Z');
const DOMAINS = ['courriel.example.fr', 'poste.example.net'];
/** Given to nobody: ARCEP, decision 2018-0881. */
const NOBODYS = /^\+33(?:63998|19900|26191|35301|46571|53649)\d{4}$/;

describe('somebody whom nobody is', () => {
  it('has a number that nobody has, and neither number nor address alone names the others', () => {
    faker.seed(41);
    const persons = Array.from({ length: 60 }, () => canaryPerson(faker, NOW, DOMAINS, { questions: [] }));
    const numbers = persons.map(({ profile }) => profile.contact?.telephone ?? '');
    for (const number of numbers) expect(number).toMatch(NOBODYS);
    expect(new Set(numbers.map((number) => number.slice(0, 8))).size).toBeGreaterThan(4);
    expect(new Set(persons.map(({ email }) => email.split('@')[1]))).toEqual(new Set(DOMAINS));
  });
});
