import { type SpiedFunction, spyOn } from 'jest-mock';
import { Logger } from '../../../src/platform/logging/logger.js';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { recordedAbout } from '../disclosure/recorded.js';
import { type Applicant, applyTo, publishVacancy } from './applicants.js';

/** One value is damaged: what stands beside it is served, the field is named, and somebody hears of it. */
describe('a damaged value', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let one: Applicant;
  let two: Applicant;
  let three: Applicant;
  let warnings: { event: string; facts: object | undefined }[];
  let warn: SpiedFunction<Logger['warn']>;

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    const vacancy = await publishVacancy(agency, sceau.clock.now());
    one = await applyTo(sceau, vacancy, 'Nolwenn');
    two = await applyTo(sceau, vacancy, 'Tanguy');
    three = await applyTo(sceau, vacancy, 'Azenor');
  }, 120_000);

  afterAll(() => sceau.stop());

  beforeEach(() => {
    warnings = [];
    warn = spyOn(sceau.app.get(Logger, { strict: false }), 'warn').mockImplementation((event, facts) => {
      warnings.push({ event, facts });
    });
  });

  afterEach(() => warn.mockRestore());

  /** Turns one bit of the ciphertext of the values that the condition selects. */
  async function damage(table: string, column: string, condition: string, values: unknown[]): Promise<void> {
    const damaged = await sceau.database.query(
      `UPDATE ${table} SET ${column} = set_bit(${column}, 8 * 40, 1 - get_bit(${column}, 8 * 40)) WHERE ${condition} RETURNING 1`,
      values,
    );
    expect(damaged).toHaveLength(1);
  }

  const failuresOf = async ({ id }: Applicant) =>
    (await recordedAbout(sceau.database, id)).filter(({ outcome }) => outcome === 'failed');

  const items = (body: unknown): Record<string, unknown>[] => {
    const list = record(body)['items'];
    return Array.isArray(list) ? list.map(record) : [];
  };

  function expectAlert(action: string, candidates = 1): void {
    expect(warnings).toEqual([
      {
        event: 'sealed values unreadable',
        facts: { action, candidates, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
  }

  const read = (applicant: Applicant) =>
    agency.client.request(`/v1/agency/applications/${applicant.application}`, {
      headers: { purpose: 'review' },
    });

  it('of a profile is named, and the other sections are served', async () => {
    await damage('candidates.profile', 'address', 'candidate_id = $1', [one.id]);
    const { status, body } = await one.client.request('/v1/me/profile');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      identity: { givenName: 'Nolwenn' },
      contact: { telephone: '+33612345678' },
      address: null,
      accommodations: 'Aucun besoin.',
      unreadable: ['address'],
    });
    expect(await failuresOf(one)).toMatchObject([
      { action: 'candidate.profile_read', reason: 'sealed_value_unreadable', fields: ['address'] },
    ]);
    expectAlert('candidate.profile_read');
  });

  it('of a list stays in its place in it, and the other entries are served', async () => {
    await damage(
      'candidates.education',
      'entry',
      'id = (SELECT id FROM candidates.education WHERE candidate_id = $1 ORDER BY id LIMIT 1)',
      [two.id],
    );
    const { status, body } = await two.client.request('/v1/me/profile/education');
    expect(status).toBe(200);
    expect(items(body).map(({ degree, unreadable }) => [degree, unreadable])).toEqual([
      ['Licence', false],
      [undefined, true],
    ]);
    expect(await failuresOf(two)).toMatchObject([{ fields: ['education'] }]);
    expectAlert('candidate.profile_read');
  });

  it('of an own application is named beside the rest of it', async () => {
    const path = `/v1/me/applications/${two.application}`;
    const whole = record((await two.client.request(path)).body);
    await damage('applications.application', 'motivation', 'id = $1', [two.application]);
    const { status, body } = await two.client.request(path);
    expect(status).toBe(200);
    expect(body).toEqual({ ...whole, motivation: null, unreadable: ['motivation'] });
    expect((await failuresOf(two)).at(-1)).toMatchObject({
      action: 'candidate.application_read',
      fields: ['motivation'],
    });
    expectAlert('candidate.application_read');
    expect((await two.client.request('/v1/me/applications')).status).toBe(200);
  });

  it('of what an agency is shown is named to it, with each field that it held', async () => {
    const { status, body } = await read(two);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      fields: { givenName: 'Tanguy', familyName: 'Le Goff' },
      unreadable: ['motivation'],
    });
    expect((await failuresOf(two)).at(-1)).toMatchObject({
      action: 'application.disclosed',
      purpose: 'review',
      fields: ['motivation'],
    });
    expectAlert('application.disclosed');
  });

  it('of one of many applications leaves the others as they are', async () => {
    await damage('applications.application', 'snapshot', 'id = $1', [one.application]);
    const answer = await agency.client.request('/v1/agency/applications/disclosures', {
      body: { ids: [one, two, three].map(({ application }) => application), purpose: 'review' },
    });
    expect(answer.status).toBe(200);
    const shown = items(answer.body).map(({ application }) => record(application));
    expect(shown[0]).toMatchObject({ fields: { motivation: 'Servir le public, dit Nolwenn.' } });
    expect(shown[0]?.['unreadable']).toEqual(
      expect.arrayContaining(['givenName', 'familyName', 'education']),
    );
    expect(JSON.stringify(shown[0]?.['fields'])).not.toContain('Le Goff');
    expect(shown[1]).toMatchObject({ fields: { givenName: 'Tanguy' }, unreadable: ['motivation'] });
    expect(shown[2]).toMatchObject({
      fields: { givenName: 'Azenor', motivation: 'Servir le public, dit Azenor.' },
      unreadable: [],
    });
    expect((await failuresOf(one)).at(-1)).toMatchObject({ action: 'application.disclosed' });
    expect(await failuresOf(three)).toEqual([]);
    expectAlert('application.disclosed', 2);
  });

  it('does not hide in a summary: lists open nothing, so they show the application all the same', async () => {
    const { status, body } = await agency.client.request('/v1/agency/applications');
    expect(status).toBe(200);
    expect(items(body).map(({ id }) => id)).toEqual(
      expect.arrayContaining([one, two, three].map(({ application }) => application)),
    );
    expect(warnings).toEqual([]);
  });
});
