import { randomBytes, randomUUID } from 'node:crypto';
import { Authenticator } from '../client/authenticator.ts';
import { PersonClient } from '../client/person.ts';
import { list, member, type Narrator, text } from './narrator.ts';

/** Everything personal that the tour's candidate enters: none of it may be found in a copy of the database. */
export interface Persona {
  /** Letters that no other text has, and most of the following have. */
  readonly mark: string;
  readonly email: string;
  readonly password: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly telephone: string;
  readonly street: string;
  readonly school: string;
  readonly employer: string;
  readonly post: string;
  readonly motivation: string;
}

/** A new person each time, so that the tour can be taken again. */
function newPersona(): Persona {
  // No letter that hexadecimal digits have, so that it is found nowhere by chance.
  const mark = Array.from(randomBytes(8), (byte) => 'ghjkmnpqrstvwxyz'.charAt(byte % 16)).join('');
  return {
    mark,
    email: `oceane.lefebvre.${mark}@example.fr`,
    password: `quatre chevaux bleus ${mark} sur la digue`,
    givenName: 'Océane-Ysaline',
    familyName: `Lefebvre-Kervadec ${mark}`,
    telephone: `+336${String(randomBytes(4).readUInt32BE(0) % 100_000_000).padStart(8, '0')}`,
    street: `12 bis quai de la Douane ${mark}`,
    school: `Institut régional des archives de Quimperlé ${mark}`,
    employer: `Bibliothèque municipale de Landerneau ${mark}`,
    post: `Bibliothécaire du patrimoine ${mark}`,
    motivation: `Depuis mes premiers stages, je veux préserver les fonds patrimoniaux et les ouvrir à tous (${mark}).`,
  };
}

export type ReadMail = (address: string) => Promise<string>;

export class TourCandidate {
  readonly persona = newPersona();
  readonly client: PersonClient;
  readonly #narrator: Narrator;
  #authenticator: Authenticator | undefined;

  constructor(base: string, narrator: Narrator) {
    this.#narrator = narrator;
    this.client = new PersonClient(base, narrator.listen);
  }

  async signUp(readMail: ReadMail): Promise<void> {
    const { client, persona } = this;
    const narrator = this.#narrator;
    narrator.chapter('1. A candidate signs up: e-mail, password and an authenticator, without exception');
    const registration = { email: persona.email, password: persona.password, locale: 'fr' };
    narrator.expect(
      await client.request('/v1/registrations', { body: registration }),
      'the answer is the same for known and unknown addresses',
      202,
    );
    const mail = await readMail(persona.email);
    const token = /^[\w-]{40,}$/m.exec(mail)?.[0];
    narrator.check('a mail brings the one-time link', token !== undefined);
    const confirmed = await client.request('/v1/registrations/confirm', { body: { token } });
    const ticket = text(confirmed.body, 'ticket');
    narrator.expect(
      await client.request('/v1/registrations/confirm', { body: { token } }),
      'the link works once',
      401,
      'authentication_failed',
    );

    const enrolment = await client.request('/v1/totp/enrolments', { body: { ticket } });
    this.#authenticator = new Authenticator(text(enrolment.body, 'secret'));
    narrator.check(
      'the authenticator secret comes with a QR code',
      text(enrolment.body, 'qr').startsWith('data:image/svg+xml'),
    );
    const confirm = (code: string) =>
      client.request('/v1/totp/enrolments/confirm', { body: { ticket, code, transport: 'token' } });
    narrator.expect(
      await confirm(await this.#authenticator.wrongCode()),
      'a wrong code activates nothing',
      401,
      'authentication_failed',
    );
    // The step before the current one is still good; using it leaves the current code for signing in below.
    const active = await confirm(await this.#authenticator.code(Date.now() - 30_000));
    narrator.expect(active, 'the right code activates the account', 200);
    narrator.check('ten recovery codes are shown once', list(active.body, 'recoveryCodes').length === 10);
    client.useToken(text(active.body, 'session', 'token'));
  }

  async signInAgain(): Promise<void> {
    const { client, persona } = this;
    const narrator = this.#narrator;
    const authenticator = this.#authenticator;
    if (authenticator === undefined) throw new Error('Sign up first.');
    narrator.chapter('2. They sign in: one request with every factor, one failure for all');
    client.useToken(undefined);
    const signIn = (password: string, code: string) =>
      client.request('/v1/sessions', { body: { email: persona.email, password, code, transport: 'token' } });
    const code = await authenticator.code();
    narrator.expect(
      await signIn('un mot de passe tout autre', code),
      'a wrong password is refused',
      401,
      'authentication_failed',
    );
    const wrong = await signIn(persona.password, await authenticator.wrongCode());
    narrator.expect(
      wrong,
      'the right password with a wrong code gets the very same refusal',
      401,
      'authentication_failed',
    );
    const session = await signIn(persona.password, await authenticator.code());
    narrator.expect(session, 'both factors open a session', 201);
    client.useToken(text(session.body, 'token'));
  }

  async fillProfile(): Promise<void> {
    const { client, persona } = this;
    const narrator = this.#narrator;
    narrator.chapter('3. They fill their profile; every field is sealed before it reaches the database');
    const empty = await client.request('/v1/me/profile');
    const profile = {
      identity: {
        givenName: persona.givenName,
        familyName: persona.familyName,
        birthDate: '1994-07-14',
        birthPlace: 'Quimper',
        nationality: 'FR',
      },
      contact: { email: persona.email, telephone: persona.telephone },
      address: { lines: [persona.street], postalCode: '29200', city: 'Brest', country: 'FR' },
      preferences: { departments: ['29', '75'], categories: ['A'] },
    };
    const put = (tag: string) =>
      client.request('/v1/me/profile', { method: 'PUT', body: profile, headers: { 'if-match': tag } });
    const written = await put(empty.headers.get('etag') ?? '');
    narrator.expect(written, 'the profile is kept', 200);
    narrator.expect(await put('"r0"'), 'a stale copy cannot overwrite it', 412, 'precondition_failed');
    const education = {
      institution: persona.school,
      degree: 'Master archives et patrimoine',
      level: 'bac+5',
      from: '2012-09',
      to: '2017-06',
    };
    narrator.expect(
      await client.request('/v1/me/profile/education', { body: education }),
      'education is added',
      201,
    );
    const experience = { employer: persona.employer, title: persona.post, from: '2018-01', to: null };
    narrator.expect(
      await client.request('/v1/me/profile/experience', { body: experience }),
      'experience is added',
      201,
    );
    const language = { language: 'br', level: 'B2' };
    narrator.expect(
      await client.request('/v1/me/profile/languages', { body: language }),
      'a language is added',
      201,
    );
    const described = await client.request('/v1/me/profile');
    narrator.say(`complete by ${String(member(described.body, 'completeness', 'percent'))} percent`);
    const answers = { sex: 'female', ageBand: '26_35', disability: 'no' };
    narrator.expect(
      await client.request('/v1/me/diversity', {
        method: 'PUT',
        body: answers,
        headers: { 'if-match': '"r0"' },
      }),
      'questions for equality are answered apart; agencies get counts of ten or more',
      200,
    );
  }

  /** Uploads a CV, which names them in name and content. @returns its id */
  async uploadCv(): Promise<string> {
    const { client, persona } = this;
    const narrator = this.#narrator;
    narrator.say('They upload a CV; it is sealed while it arrives, and looked into.');
    const upload = (content: string) => {
      const form = new FormData();
      form.set('kind', 'cv');
      form.set('file', new Blob([content]), `CV ${persona.familyName}.pdf`);
      return client.request('/v1/me/documents', { form });
    };
    narrator.expect(
      await upload('Ceci n’est pas un PDF.'),
      'a file that only calls itself a PDF is refused',
      415,
      'unsupported_media_type',
    );
    const uploaded = await upload(cvOf(persona));
    narrator.expect(uploaded, 'the CV is kept', 201);
    const id = text(uploaded.body, 'id');
    const own = await client.request(`/v1/me/documents/${id}`);
    narrator.check('they get it back as it was', String(own.body) === cvOf(persona));
    return id;
  }

  /** Finds a vacancy of the agency by full-text search and drafts an application for it. */
  async draft(agencyId: string, cv: string): Promise<{ id: string; etag: string }> {
    const { client, persona } = this;
    const narrator = this.#narrator;
    narrator.chapter('4. They find a vacancy and draft an application');
    const found = await client.request(`/v1/vacancies?q=chargee+archive&agency=${agencyId}&limit=5`);
    narrator.expect(found, 'it is found in French: accents and plurals do not matter', 200);
    const vacancyId = text(found.body, 'items', 0, 'id');
    narrator.say(`“${text(found.body, 'items', 0, 'title')}”`);
    const created = await client.request('/v1/me/applications', {
      body: { vacancyId },
      headers: { 'idempotency-key': randomUUID() },
    });
    narrator.expect(created, 'a draft is opened', 201);
    narrator.expect(
      await client.request('/v1/me/applications', { body: { vacancyId } }),
      'a second one for the same vacancy is refused',
      409,
      'application_exists',
    );
    const id = text(created.body, 'id');
    const { body } = await client.request(`/v1/me/applications/${id}/completeness`);
    const missing = list(body, 'missing').map((gap) => text(gap, 'pointer'));
    narrator.check(
      `it says what it still lacks: ${missing.join(', ')}`,
      missing.includes('/documents/cv') && missing.includes('/motivation'),
    );
    const vacancy = await client.request(`/v1/vacancies/${vacancyId}`);
    const answers = list(vacancy.body, 'questions').map((question) => ({
      questionId: text(question, 'id'),
      value: answerTo(question),
    }));
    const changed = await client.request(`/v1/me/applications/${id}`, {
      method: 'PATCH',
      body: { motivation: persona.motivation, answers, documents: [cv] },
      headers: { 'if-match': created.headers.get('etag') ?? '' },
    });
    narrator.expect(changed, 'the motivation, the answers and the CV are saved', 200);
    return { id, etag: changed.headers.get('etag') ?? '' };
  }

  async submit(application: { id: string; etag: string }): Promise<void> {
    const narrator = this.#narrator;
    narrator.chapter('6. They submit; what the agency will see is frozen');
    const key = randomUUID();
    const submit = () =>
      this.client.request(`/v1/me/applications/${application.id}/submit`, {
        body: {},
        headers: { 'if-match': application.etag, 'idempotency-key': key },
      });
    const submitted = await submit();
    narrator.expect(submitted, 'the application is submitted', 200);
    const again = await submit();
    narrator.expect(again, 'the same request again, as after a lost answer, changes nothing', 200);
    narrator.check('and gets the same answer', JSON.stringify(again.body) === JSON.stringify(submitted.body));
  }

  async follow(applicationId: string, agency: string): Promise<void> {
    const narrator = this.#narrator;
    narrator.chapter('9. The candidate sees where they stand and who has read what');
    const timeline = await this.client.request(`/v1/me/applications/${applicationId}/timeline`);
    const states = list(timeline.body, 'items').map((entry) => text(entry, 'to'));
    narrator.check(
      `the timeline says ${states.join(' → ')}`,
      states.includes('submitted') && states.includes('interview'),
    );
    const history = await this.client.request('/v1/me/access-history?limit=50', {
      headers: { 'accept-language': 'en' },
    });
    const sentences = list(history.body, 'items').map((entry) => String(member(entry, 'sentence')));
    const reads = sentences.filter((sentence) => sentence.includes(agency));
    narrator.check('every read of the agency is in their access history', reads.length >= 2);
    for (const sentence of reads.slice(0, 2)) narrator.say(`“${sentence}”`);
  }
}

/** As much of a PDF as a reader of files asks for. */
export const cvOf = ({ givenName, familyName, employer }: Persona): string =>
  `%PDF-1.7\n% ${givenName} ${familyName}, ${employer}\ntrailer\n<< >>\n%%EOF\n`;

function answerTo(question: unknown): unknown {
  switch (text(question, 'kind')) {
    case 'choice':
      return member(question, 'choices', 0);
    case 'yes_no':
      return true;
    default:
      return 'Oui, à partir du premier mars.';
  }
}
