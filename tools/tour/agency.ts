import { AgencyClient } from '../client/agency.ts';
import { cvOf, type Persona } from './candidate.ts';
import type { DemoAgency } from './demo-credentials.ts';
import { list, member, type Narrator, text } from './narrator.ts';

const SCOPES = [
  'vacancies:read',
  'vacancies:write',
  'applications:read',
  'applications:decide',
  'usage:read',
];

export class TourAgency {
  readonly #narrator: Narrator;
  readonly #client: AgencyClient;

  constructor(client: AgencyClient, narrator: Narrator) {
    this.#client = client;
    this.#narrator = narrator;
  }

  static async connect(base: string, agency: DemoAgency, narrator: Narrator): Promise<TourAgency> {
    const client = await AgencyClient.connect(base, agency, narrator.listen);
    await client.authorise(SCOPES);
    return new TourAgency(client, narrator);
  }

  get token(): string {
    return this.#client.token;
  }

  async seesNoDraft(applicationId: string): Promise<void> {
    const narrator = this.#narrator;
    narrator.check('the access token is opaque and bound to a key (DPoP)', !this.token.includes('.'));
    const read = await this.#client.request(`/v1/agency/applications/${applicationId}`, {
      headers: { purpose: 'review' },
    });
    narrator.expect(read, 'the draft does not exist for the agency', 404, 'not_found');
  }

  async reviews(applicationId: string, persona: Persona): Promise<void> {
    const narrator = this.#narrator;
    narrator.chapter('7. The agency reads what its purpose allows, and no more');
    const summaries = await this.#client.request('/v1/agency/applications?status=submitted&limit=100');
    const listed = list(summaries.body, 'items').some((item) => member(item, 'id') === applicationId);
    narrator.check('the application is in its list', listed);
    narrator.check(
      'the list holds no personal field',
      !JSON.stringify(summaries.body).includes(persona.familyName),
    );
    const read = await this.#read(applicationId, 'review');
    narrator.expect(read, 'reviewing discloses the application', 200);
    const disclosed = JSON.stringify(read.body);
    narrator.check(
      'motivation, education and name are there',
      [persona.motivation, persona.school, persona.familyName].every((value) => disclosed.includes(value)),
    );
    narrator.check(
      'e-mail, telephone and address are not',
      ![persona.email, persona.telephone, persona.street].some((value) => disclosed.includes(value)),
    );
    const cv = text(read.body, 'fields', 'documents', 0, 'id');
    const file = await this.#client.request(`/v1/agency/applications/${applicationId}/documents/${cv}`, {
      headers: { purpose: 'review' },
    });
    narrator.check('the CV is what the candidate sent', String(file.body) === cvOf(persona));
    narrator.expect(
      await this.#read(applicationId, 'offer'),
      'the purpose “offer” needs an offer',
      403,
      'disclosure_refused',
    );
  }

  async invitesToInterview(applicationId: string, persona: Persona): Promise<void> {
    const narrator = this.#narrator;
    narrator.say('The agency moves the application on, one allowed step at a time.');
    const skip = await this.#move(applicationId, 'hired');
    narrator.expect(skip, 'hiring straight away is refused', 409, 'transition_refused');
    for (const to of ['under_review', 'shortlisted', 'interview']) {
      narrator.expect(await this.#move(applicationId, to), `moved to ${to}`, 200);
    }
    const read = await this.#read(applicationId, 'interview');
    narrator.expect(read, 'the purpose “interview” is now allowed', 200);
    const disclosed = JSON.stringify(read.body);
    narrator.check(
      'e-mail and telephone are released now',
      [persona.email, persona.telephone].every((value) => disclosed.includes(value)),
    );
    narrator.check('the postal address still is not', !disclosed.includes(persona.street));
  }

  async cannotSee(applicationId: string): Promise<void> {
    const narrator = this.#narrator;
    narrator.chapter('8. Another agency, a stolen token, a bearer');
    const read = await this.#read(applicationId, 'review');
    narrator.expect(read, 'for another agency the application does not exist', 404, 'not_found');
  }

  async knowsNobodyIn(applicationId: string): Promise<void> {
    const narrator = this.#narrator;
    const summaries = await this.#client.request('/v1/agency/applications?limit=100');
    const summary = list(summaries.body, 'items').find((item) => member(item, 'id') === applicationId);
    const isTold = member(summary, 'status') === 'withdrawn' && member(summary, 'erasedAt') !== null;
    narrator.check('for the agency the application is withdrawn, and nobody’s', isTold);
    const read = await this.#read(applicationId, 'review');
    narrator.check('and has nothing to read', !JSON.stringify(read.body).includes('motivation"'));
  }

  async #read(applicationId: string, purpose: string) {
    return this.#client.request(`/v1/agency/applications/${applicationId}`, { headers: { purpose } });
  }

  async #move(applicationId: string, to: string) {
    const path = '/v1/agency/applications?limit=100';
    const summaries = await this.#client.request(path);
    const summary = list(summaries.body, 'items').find((item) => member(item, 'id') === applicationId);
    const body = { to, publicNote: 'Votre candidature avance.' };
    return this.#client.request(`/v1/agency/applications/${applicationId}/transitions`, {
      body,
      headers: { 'if-match': `"r${String(member(summary, 'revision'))}"` },
    });
  }
}
