import { endOfDay } from '../../../src/modules/vacancies/deadline.js';
import { TIME_ZONES } from '../../../src/modules/vacancies/index.js';
import { PersonClient } from '../../../tools/client/person.ts';
import { type AgencyActor, createAgency, record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { applyTo } from '../sealing/applicants.js';
import { change, publish } from './fixture.js';

const QUESTION = {
  id: 'rythme',
  label: 'Quel rythme ?',
  kind: 'choice',
  required: false,
  choices: ['Jour', 'Nuit'],
};

describe('vacancies', () => {
  let sceau: Sceau;
  let agency: AgencyActor;
  let anyone: PersonClient;

  beforeAll(async () => {
    sceau = await startSceau();
    agency = await createAgency(sceau);
    anyone = new PersonClient(sceau.url);
  }, 60_000);

  afterAll(() => sceau.stop());

  const listed = async (query: string): Promise<string[]> => {
    const items = record((await anyone.request(`/v1/vacancies?${query}`)).body)['items'];
    return (Array.isArray(items) ? items : []).map((item: unknown) => String(record(item)['id']));
  };

  it('are shown to nobody once their deadline has passed, whether or not they are closed yet', async () => {
    const open = await publish(agency, { department: '975' });
    const past = await publish(agency, { department: '975' });
    expect(await listed('department=975')).toEqual([past.id, open.id]);
    await sceau.database.query('UPDATE vacancies.vacancy SET deadline = $2 WHERE id = $1', [
      past.id,
      sceau.clock.now(),
    ]);
    expect(await listed('department=975')).toEqual([open.id]);
    expect((await anyone.request(`/v1/vacancies/${past.id}`)).status).toBe(404);
    expect((await anyone.request(`/v1/vacancies/${open.id}`)).status).toBe(200);
  });

  it('are open to the end of a day by the clocks of their place, as the database reckons too', async () => {
    const days = ['2027-01-31', '2027-03-28', '2027-07-14', '2027-10-31'];
    for (const timeZone of TIME_ZONES)
      for (const day of days) {
        const [row] = await sceau.database.query<{ end: Date }>(
          `SELECT ($1::date + 1)::timestamp AT TIME ZONE $2 - interval '1 millisecond' AS end`,
          [day, timeZone],
        );
        expect([timeZone, day, endOfDay(day, timeZone)]).toEqual([timeZone, day, row?.end]);
      }
    const { id } = await publish(agency, { department: '988', deadline: '2098-12-31' });
    const deadline = '2098-12-31T12:59:59.999Z';
    const { body } = await anyone.request(`/v1/vacancies/${id}`);
    expect(body).toMatchObject({ deadline, timeZone: 'Pacific/Noumea' });
    expect(await listed('department=988&openOn=2098-12-31')).toEqual([id]);
    expect(await listed('department=988&openOn=2099-01-01')).toEqual([]);
  });

  it('refuse a deadline that is neither a day nor a moment', async () => {
    for (const deadline of ['2027-02-30', '2027-01-31T25:00:00Z', 'demain', 20270131, '']) {
      const answer = await agency.client.request('/v1/agency/vacancies', {
        body: { ...PLAIN_VACANCY, deadline },
      });
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/deadline', code: 'format' }] },
      });
    }
  });

  it.each([
    ['/title', { title: 'Archiviste\nOffre : autre chose' }],
    ['/title', { title: 'Archiviste \u202Etxet' }],
    ['/title', { title: '    ' }],
    ['/description', { description: ' \n ' }],
    ['/questions/0/label', { questions: [{ ...QUESTION, label: ' ' }] }],
    ['/questions/0/choices/1', { questions: [{ ...QUESTION, choices: ['Jour', ' '] }] }],
    ['/questions/0/choices', { questions: [{ ...QUESTION, choices: ['Jour', ' Jour '] }] }],
  ])('say something in each of their lines, and in one: %s of %j', async (pointer, content) => {
    const body = { ...PLAIN_VACANCY, ...content };
    const answer = await agency.client.request('/v1/agency/vacancies', { body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  describe('that somebody has applied for', () => {
    it('take the same questions again, and no others', async () => {
      const vacancy = await publish(agency, { questions: [QUESTION] });
      await applyTo(sceau, vacancy.id, 'Maëlle');
      const same = { choices: ['Jour', 'Nuit'], required: false, kind: 'choice', label: 'Quel rythme ?' };
      const again = await change(agency, vacancy, {
        title: 'Archiviste (F/H)',
        questions: [{ ...same, id: 'rythme' }],
      });
      expect(again).toMatchObject({
        status: 200,
        body: { title: 'Archiviste (F/H)', questions: [QUESTION] },
      });
      const now = { ...vacancy, revision: vacancy.revision + 1 };
      const asked = await change(agency, now, {
        title: 'Autre',
        questions: [{ ...QUESTION, required: true }],
      });
      expect(asked).toMatchObject({
        status: 422,
        body: { code: 'invalid_request', errors: [{ pointer: '/questions', code: 'frozen' }] },
      });
      const { body } = await agency.client.request(`/v1/agency/vacancies/${vacancy.id}`);
      expect(body).toMatchObject({
        title: 'Archiviste (F/H)',
        questions: [QUESTION],
        revision: now.revision,
      });
    });
  });
});
