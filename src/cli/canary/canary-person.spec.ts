import { faker } from '@faker-js/faker/locale/fr';
import { canaryTexts } from '../../../test/support/canary-texts.js';
import { Failure } from '../../kernel/errors.js';
import type { Question } from '../../modules/vacancies/index.js';
import { canaryPerson } from './canary-person.js';

const DOMAINS = ['courriel.example.fr', 'poste.example.net'];
/** Given to nobody: ARCEP, decision 2018-0881. */
const NOBODYS = /^\+33(?:63998|19900|26191|35301|46571|53649)\d{4}$/;

const question = (id: string, kind: Question['kind'], choices: readonly string[] = []): Question => ({
  id,
  label: `${id} ?`,
  kind,
  required: true,
  choices,
});
const QUESTIONS = [
  question('permis', 'yes_no'),
  question('outils', 'text'),
  question('lieu', 'choice', ['Brest', 'Quimper']),
  question('horaires', 'text'),
];

describe('somebody whom nobody is', () => {
  it('has a number that nobody has, and neither number nor address alone names the others', () => {
    faker.seed(41);
    const persons = Array.from({ length: 60 }, (_, at) =>
      canaryPerson(faker, DOMAINS, { questions: [] }, canaryTexts(`Parce que, ${at}.`)),
    );
    const numbers = persons.map(({ profile }) => profile.contact?.telephone ?? '');
    for (const number of numbers) expect(number).toMatch(NOBODYS);
    expect(new Set(numbers.map((number) => number.slice(0, 8))).size).toBeGreaterThan(4);
    expect(new Set(persons.map(({ email }) => email.split('@')[1]))).toEqual(new Set(DOMAINS));
  });

  it('says to whoever reviews it what its operators wrote, and no word of this source', () => {
    const texts = { ...canaryTexts('Pour le silence des réserves.'), answers: ['Un tableur.', 'Le matin.'] };
    const { profile, ...person } = canaryPerson(faker, DOMAINS, { questions: QUESTIONS }, texts);
    const { givenName, familyName, birthDate, motivation, education, experience, languages } = texts;
    expect(profile.identity).toMatchObject({ givenName, familyName, birthDate });
    expect(person).toMatchObject({ motivation, education, experience, languages });
    expect(person.answers.map(({ questionId }) => questionId)).toEqual(QUESTIONS.map(({ id }) => id));
    expect(person.answers[1]?.value).toBe('Un tableur.');
    expect(['Brest', 'Quimper']).toContain(person.answers[2]?.value);
    expect(person.answers[3]?.value).toBe('Le matin.');
  });

  it.each([
    [['Un tableur.']],
    [['Un tableur.', 'Le matin.', 'Le soir.']],
    [['Un tableur.', ' ']],
    [undefined],
  ])('is refused with other answers than the questions ask for: %j', (answers) => {
    const texts = { ...canaryTexts('Pour le silence.'), ...(answers === undefined ? {} : { answers }) };
    expect(() => canaryPerson(faker, DOMAINS, { questions: QUESTIONS }, texts)).toThrow(Failure);
  });
});
