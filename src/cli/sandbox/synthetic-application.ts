import type { Faker } from '@faker-js/faker';
import type { Answer, SyntheticApplication } from '../../modules/applications/index.js';
import type { Education, Experience, LanguageSkill, Snapshot } from '../../modules/candidates/index.js';
import type { Question } from '../../modules/vacancies/index.js';

/** What is applied for, as far as it shows in what is written. */
export interface AppliedFor {
  readonly title: string;
  readonly questions: readonly Question[];
}

const DEGREES = [
  ['CAP Petite enfance', 'cap_bep'],
  ['Baccalauréat professionnel Gestion-administration', 'bac'],
  ['BTS Services informatiques aux organisations', 'bac+2'],
  ['Licence de droit public', 'bac+3'],
  ['Licence professionnelle Métiers des bibliothèques', 'bac+3'],
  ['Master Archives et patrimoine', 'bac+5'],
  ['Master Administration publique', 'bac+5'],
  ['Diplôme d’État d’infirmier', 'bac+3'],
] as const;
const POSTS = [
  ['Assistante ou assistant de gestion', 'public'],
  ['Chargée ou chargé de projet', 'association'],
  ['Technicienne ou technicien de maintenance', 'private'],
  ['Agente ou agent d’accueil', 'public'],
  ['Consultante ou consultant', 'self_employed'],
  ['Responsable d’équipe', 'private'],
] as const;
const REASONS = [
  'Votre offre rejoint ce que je cherche depuis longtemps : un travail utile à toutes et à tous.',
  'Je souhaite mettre mon expérience au service de l’intérêt général.',
  'Le poste prolonge ce que j’ai appris et me rapproche des usagers.',
  'J’aimerais m’engager dans la durée au sein d’une équipe publique.',
] as const;
const STRENGTHS = [
  'On me dit rigoureuse ou rigoureux, à l’écoute et à l’aise avec les outils numériques.',
  'J’ai conduit des projets avec des partenaires très différents, dans des délais courts.',
  'J’ai l’habitude d’expliquer simplement des sujets difficiles.',
] as const;
const OTHER_LANGUAGES = ['en', 'es', 'de', 'it', 'br', 'fsl'] as const;
const LEVELS = ['A2', 'B1', 'B2', 'C1'] as const;

/** Numbers that the French regulator keeps for fiction and gives to nobody (ARCEP, decision 2018-0881: 06 39 98). */
const FICTITIOUS_MOBILE = '+3363998';

/** Says of a text that nobody has written it. Stands in whatever a person would read alone. */
const MARK = '(fictif)';

/**
 * An application of a person who does not exist. Its texts say so, its address leads nowhere (RFC 2606), its telephone
 * number is nobody's.
 * @param now no date is after this
 */
export function syntheticApplication(
  faker: Faker,
  now: Date,
  { title, questions }: AppliedFor,
): SyntheticApplication {
  const motivation = [
    `Candidature fictive pour « ${title} ».`,
    faker.helpers.arrayElement(REASONS),
    faker.helpers.arrayElement(STRENGTHS),
  ].join(' ');
  return {
    snapshot: snapshot(faker, now),
    motivation,
    answers: questions.map((question) => answerTo(faker, question)),
  };
}

function snapshot(faker: Faker, now: Date): Snapshot {
  const [givenName, familyName] = [faker.person.firstName(), faker.person.lastName()];
  const birth = faker.date.birthdate({ mode: 'age', min: 20, max: 60, refDate: now });
  return {
    givenName,
    familyName: `${familyName} ${MARK}`,
    birthDate: dayOf(birth),
    birthPlace: faker.location.city(),
    nationality: 'FR',
    email: faker.internet
      .email({ firstName: givenName, lastName: familyName, provider: 'example.org' })
      .toLowerCase(),
    telephone: `${FICTITIOUS_MOBILE}${faker.string.numeric(4)}`,
    address: {
      lines: [`${faker.location.buildingNumber()} ${faker.location.street()}`, `Adresse ${MARK}`],
      postalCode: faker.location.zipCode('#####'),
      city: faker.location.city(),
      country: 'FR',
    },
    education: [education(faker, birth)],
    experience: Array.from({ length: faker.number.int({ min: 0, max: 3 }) }, () =>
      experience(faker, birth, now),
    ),
    languages: languages(faker),
  };
}

function education(faker: Faker, birth: Date): Education {
  const [degree, level] = faker.helpers.arrayElement(DEGREES);
  const begun = birth.getUTCFullYear() + 16;
  return {
    institution: `Établissement de ${faker.location.city()} ${MARK}`,
    degree,
    level,
    country: 'FR',
    from: `${begun}-09`,
    to: `${begun + 3}-06`,
  };
}

function experience(faker: Faker, birth: Date, now: Date): Experience {
  const [title, sector] = faker.helpers.arrayElement(POSTS);
  const since = new Date(Date.UTC(birth.getUTCFullYear() + 19, 8));
  const [from = since, to = now] = faker.date.betweens({ from: since, to: now, count: 2 });
  return {
    employer: `${faker.company.name()} ${MARK}`,
    title,
    sector,
    city: faker.location.city(),
    country: 'FR',
    from: monthOf(from),
    to: monthOf(to),
  };
}

function languages(faker: Faker): readonly LanguageSkill[] {
  const others = faker.helpers.arrayElements(OTHER_LANGUAGES, { min: 0, max: 2 });
  return [
    { language: 'fr', level: 'native' },
    ...others.map((language) => ({ language, level: faker.helpers.arrayElement(LEVELS) })),
  ];
}

function answerTo(faker: Faker, { id, kind, choices }: Question): Answer {
  switch (kind) {
    case 'text':
      return { questionId: id, value: `Réponse fictive : ${faker.helpers.arrayElement(STRENGTHS)}` };
    case 'choice':
      return { questionId: id, value: faker.helpers.arrayElement([...choices]) };
    case 'yes_no':
      return { questionId: id, value: faker.datatype.boolean() };
  }
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const monthOf = (date: Date): string => date.toISOString().slice(0, 7);
