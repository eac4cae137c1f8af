import type { Faker } from '@faker-js/faker';
import { Failure } from '../../kernel/errors.js';
import type { Answer } from '../../modules/applications/index.js';
import type { CanaryPerson } from '../../modules/canaries/index.js';
import type { Question, Vacancy } from '../../modules/vacancies/index.js';
import type { CanaryTexts } from './canary-texts.dtos.js';

const TOWNS = [
  ['35000', 'Rennes'],
  ['44000', 'Nantes'],
  ['69003', 'Lyon'],
  ['31000', 'Toulouse'],
  ['67000', 'Strasbourg'],
  ['59000', 'Lille'],
  ['13006', 'Marseille'],
  ['33000', 'Bordeaux'],
] as const;

/**
 * Ranges that the French regulator keeps for fiction and gives to nobody (ARCEP, decision 2018-0881): most people give
 * a mobile number, some the one at home.
 */
const NOBODYS_NUMBERS = [
  '+3363998',
  '+3363998',
  '+3363998',
  '+3319900',
  '+3326191',
  '+3335301',
  '+3346571',
  '+3353649',
] as const;

/**
 * Somebody who could be anybody: nothing that is read says that nobody is it. Nobody is called or written to by mistake:
 * the number is given to nobody, the address is at a domain of the operators’ own.
 * @param mailDomains of which they have one each
 * @param texts what they write, and who they are
 * @throws Failure `invalid_request` where there is not one answer for each question that asks for a text
 */
export function canaryPerson(
  faker: Faker,
  mailDomains: readonly string[],
  { questions }: Pick<Vacancy, 'questions'>,
  texts: CanaryTexts,
): CanaryPerson {
  const { givenName, familyName, birthDate, motivation, education, experience = [], languages } = texts;
  const [postalCode, city] = faker.helpers.arrayElement(TOWNS);
  const email = faker.internet
    .email({ firstName: givenName, lastName: familyName, provider: faker.helpers.arrayElement(mailDomains) })
    .toLowerCase();
  return {
    email,
    address: faker.internet.ipv4(),
    profile: {
      identity: {
        givenName,
        familyName,
        birthDate,
        birthPlace: faker.helpers.arrayElement(TOWNS)[1],
        nationality: 'FR',
      },
      contact: {
        email,
        telephone: `${faker.helpers.arrayElement(NOBODYS_NUMBERS)}${faker.string.numeric(4)}`,
      },
      address: {
        lines: [`${faker.number.int({ min: 1, max: 120 })} ${faker.location.street()}`],
        postalCode,
        city,
        country: 'FR',
      },
      preferences: {
        departments: [postalCode.slice(0, 2)],
        categories: [faker.helpers.arrayElement(['A', 'B', 'C'])],
      },
    },
    education,
    experience,
    languages,
    motivation,
    answers: answersTo(faker, questions, texts.answers ?? []),
  };
}

function answersTo(
  faker: Faker,
  questions: readonly Question[],
  texts: readonly string[],
): readonly Answer[] {
  const asked = questions.filter(({ kind }) => kind === 'text');
  if (texts.length !== asked.length || texts.some((text) => text.trim() === ''))
    throw new Failure('invalid_request', {
      detail: {
        en: `The vacancy asks ${asked.length} questions for a text: each canary needs as many answers in the file.`,
        fr: `L'offre pose ${asked.length} questions à réponse libre : il faut autant de réponses par leurre dans le fichier.`,
      },
    });
  return questions.map(({ id, kind, choices }) => {
    switch (kind) {
      case 'text':
        return { questionId: id, value: texts[asked.findIndex((question) => question.id === id)] ?? '' };
      case 'choice':
        return { questionId: id, value: faker.helpers.arrayElement([...choices]) };
      case 'yes_no':
        return { questionId: id, value: faker.datatype.boolean() };
    }
  });
}
