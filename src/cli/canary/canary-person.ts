import type { Faker } from '@faker-js/faker';
import type { Answer } from '../../modules/applications/index.js';
import type { CanaryPerson } from '../../modules/canaries/index.js';
import type { Education, Experience } from '../../modules/candidates/index.js';
import type { Question, Vacancy } from '../../modules/vacancies/index.js';

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
const STREETS = [
  'rue Victor-Hugo',
  'rue de la République',
  'avenue Jean-Jaurès',
  'rue Pasteur',
  'rue des Lilas',
];
const DEGREES = [
  ['Licence de droit', 'bac+3'],
  ['Master Administration publique', 'bac+5'],
  ['BTS Gestion de la PME', 'bac+2'],
  ['Licence d’histoire', 'bac+3'],
  ['Master Urbanisme et aménagement', 'bac+5'],
] as const;
const POSTS = [
  ['Gestionnaire administrative ou administratif', 'Mairie', 'public'],
  ['Assistante ou assistant de direction', 'Conseil départemental', 'public'],
  ['Chargée ou chargé de mission', 'Association Passerelles', 'association'],
  ['Conseillère ou conseiller clientèle', 'Mutuelle de l’Ouest', 'private'],
] as const;
const OPENINGS = [
  'Votre offre a retenu toute mon attention, car elle correspond à ce que je fais et à ce que je souhaite faire.',
  'Après plusieurs années d’expérience, je souhaite rejoindre un service public proche de ses usagers.',
  'Le poste que vous proposez est celui auquel mon parcours m’a préparé.',
];
const STRENGTHS = [
  'J’ai appris à tenir des délais serrés sans rien céder sur la qualité, et à travailler avec des équipes très diverses.',
  'Je suis à l’aise avec les textes comme avec les outils, et j’aime expliquer simplement ce qui ne l’est pas.',
  'On me confie volontiers les dossiers où il faut de la méthode et du tact.',
];
const CLOSINGS = [
  'Je serais heureux d’en parler avec vous.',
  'Je me tiens à votre disposition pour un entretien.',
  'Je vous remercie de l’attention que vous porterez à ma candidature.',
];

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
 * @param now no date is after this
 * @param mailDomains of which they have one each
 */
export function canaryPerson(
  faker: Faker,
  now: Date,
  mailDomains: readonly string[],
  vacancy: Pick<Vacancy, 'questions'>,
): CanaryPerson {
  const [givenName, familyName] = [faker.person.firstName(), faker.person.lastName()];
  const birth = faker.date.birthdate({ mode: 'age', min: 24, max: 55, refDate: now });
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
        birthDate: birth.toISOString().slice(0, 10),
        birthPlace: faker.helpers.arrayElement(TOWNS)[1],
        nationality: 'FR',
      },
      contact: {
        email,
        telephone: `${faker.helpers.arrayElement(NOBODYS_NUMBERS)}${faker.string.numeric(4)}`,
      },
      address: {
        lines: [`${faker.number.int({ min: 1, max: 120 })} ${faker.helpers.arrayElement(STREETS)}`],
        postalCode,
        city,
        country: 'FR',
      },
      preferences: {
        departments: [postalCode.slice(0, 2)],
        categories: [faker.helpers.arrayElement(['A', 'B', 'C'])],
      },
    },
    education: [education(faker, birth)],
    experience: [experience(faker, birth, now)],
    languages: [
      { language: 'fr', level: 'native' },
      { language: 'en', level: faker.helpers.arrayElement(['A2', 'B1', 'B2', 'C1']) },
    ],
    motivation: [OPENINGS, STRENGTHS, CLOSINGS].map((part) => faker.helpers.arrayElement(part)).join(' '),
    answers: vacancy.questions.map((question) => answerTo(faker, question)),
  };
}

function education(faker: Faker, birth: Date): Education {
  const [degree, level] = faker.helpers.arrayElement(DEGREES);
  const begun = birth.getUTCFullYear() + 18;
  const institution = `Université de ${faker.helpers.arrayElement(TOWNS)[1]}`;
  return { institution, degree, level, country: 'FR', from: `${begun}-09`, to: `${begun + 3}-06` };
}

function experience(faker: Faker, birth: Date, now: Date): Experience {
  const [title, employer, sector] = faker.helpers.arrayElement(POSTS);
  const since = new Date(Date.UTC(birth.getUTCFullYear() + 22, 8));
  const from = faker.date.between({ from: since, to: now }).toISOString().slice(0, 7);
  return { employer, title, sector, city: faker.helpers.arrayElement(TOWNS)[1], country: 'FR', from };
}

function answerTo(faker: Faker, { id, kind, choices }: Question): Answer {
  switch (kind) {
    case 'text':
      return { questionId: id, value: faker.helpers.arrayElement(STRENGTHS) };
    case 'choice':
      return { questionId: id, value: faker.helpers.arrayElement([...choices]) };
    case 'yes_no':
      return { questionId: id, value: faker.datatype.boolean() };
  }
}
