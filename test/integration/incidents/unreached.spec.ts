import { spyOn } from 'jest-mock';
import { MailRefused } from '../../../src/platform/mail/mail-rules.js';
import { Mailer } from '../../../src/platform/mail/mailer.js';
import type { PersonClient } from '../../../tools/client/person.ts';
import { type CandidateActor, record } from '../../support/actors.js';
import { runCommand } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { signInStaff } from '../../support/staff.js';
import { newId } from '../../../src/kernel/ids.js';
import { copyRow, plant } from '../sealing/record-rows.js';
import { ledgerEntries } from '../agencies/agency-program.js';
import { items } from './fixture.js';
import {
  exposed as exposedBySomebody,
  lettersTo,
  ownIncidents as own,
  type Person,
  signUpPeople,
} from './telling.js';

describe('letters about an incident that reach nobody', () => {
  let sceau: Sceau;
  let operator: PersonClient;
  let people: readonly Person[];

  beforeAll(async () => {
    sceau = await startSceau();
    operator = await signInStaff(sceau, 'operator');
    people = await signUpPeople(sceau, 3);
  }, 60_000);

  afterAll(() => sceau.stop());

  const exposed = (who: readonly Person[]) => exposedBySomebody(sceau, operator, who, ['motivation'], []);
  const cli = (...words: readonly string[]) => runCommand(sceau, words);
  const lettersAbout = async (incident: string, person: CandidateActor) =>
    (await lettersTo(sceau, person)).filter((text) => text.includes(incident));

  /** While the server answers those who are named as it is told to. */
  async function whileRefusing(
    refusals: ReadonlyMap<string, Error>,
    work: () => Promise<void>,
  ): Promise<void> {
    const mailer = sceau.worker.get(Mailer, { strict: false });
    const send = mailer.send.bind(mailer);
    const sending = spyOn(mailer, 'send').mockImplementation((message) => {
      const refusal = refusals.get(message.to);
      return refusal === undefined ? send(message) : Promise.reject(refusal);
    });
    try {
      await work();
      await eventually('a try of each', () => {
        const tried = sending.mock.calls.map(([{ to }]) => to);
        return Promise.resolve([...refusals.keys()].every((to) => tried.includes(to)) || undefined);
      });
    } finally {
      sending.mockRestore();
    }
  }
  const total = async (incident: string) =>
    record((await operator.request(`/v1/operator/incidents/${incident}/impact`)).body);
  const allSent = () =>
    eventually('an empty outbox', async () => {
      const waiting = await sceau.database.query('SELECT FROM platform.outgoing_mail');
      return waiting.length === 0 ? true : undefined;
    });

  it('are told of by name of each, and are acknowledged when it is closed', async () => {
    const [gone, fine] = people;
    if (gone === undefined || fine === undefined) throw new Error('There are people.');
    const incident = await exposed([gone, fine]);
    const path = `/v1/operator/incidents/${incident}`;
    await whileRefusing(new Map([[gone.email, new MailRefused('recipient')]]), async () => {
      await cli('incident', 'notify', incident);
      await allSent();
    });
    expect(await total(incident)).toMatchObject({ candidates: 2, told: 1, waiting: 0, unreached: 1 });
    const [listed, shown] = [
      await cli('incident', 'impact', incident, '--list'),
      await cli('incident', 'show', incident),
    ];
    for (const { out } of [listed, shown])
      expect(out).toMatch(/^ {2}told +1\n {2}not reached +1, whose mail was refused/m);
    expect(listed.out.match(/motivation {2}(?:told|not reached)$/gm)?.toSorted()).toEqual([
      'motivation  not reached',
      'motivation  told',
    ]);
    const affected = items((await operator.request(`${path}/affected`)).body);
    expect(affected.map(({ letter }) => letter)).toEqual(expect.arrayContaining(['accepted', 'refused']));
    const csv = String(
      (await operator.request(`${path}/affected/export`, { headers: { accept: 'text/csv' } })).body,
    );
    const refused = affected.find(({ letter }) => letter === 'refused');
    expect(csv).toMatch(new RegExp(`^${String(refused?.['pseudonym'])},.*,refused\r$`, 'm'));
    expect(csv).not.toContain(gone.email);
    const close = (...options: readonly string[]) =>
      cli('incident', 'close', incident, '--conclusion', 'Clé remplacée.', ...options);
    expect((await close()).complaint).toContain('1 of those affected could not be reached by mail');
    expect((await close('--told-otherwise')).code).toBe(0);
    const [closed] = await ledgerEntries(sceau, 'incident.closed');
    expect(closed).toMatchObject({ resource: { id: incident }, reason: 'told_otherwise', count: 1 });
  });

  it('are written once more, and so are those that somebody took from the outbox or said to be accepted', async () => {
    const [refused, taken, altered] = people;
    if (refused === undefined || taken === undefined || altered === undefined)
      throw new Error('There are people.');
    const who = [refused, taken, altered];
    const incident = await exposed(who);
    const closing = { body: { conclusion: 'Clé remplacée.', toldOtherwise: true } };
    const close = () => operator.request(`/v1/operator/incidents/${incident}/close`, closing);
    const refusals = new Map([
      [refused.email, new MailRefused('recipient')],
      [taken.email, new Error('Not now.')],
      [altered.email, new MailRefused('recipient')],
    ]);
    await whileRefusing(refusals, async () => {
      await cli('incident', 'notify', incident);
      await eventually('the refusals', async () =>
        (await total(incident))['unreached'] === 2 ? true : undefined,
      );
    });
    expect(await total(incident)).toMatchObject({ told: 0, waiting: 1, unreached: 2 });
    expect(record((await close()).body)['detail']).toMatch(/1 (?:letter|courrier).*2 (?:of|personne)/);
    await sceau.database.query('DELETE FROM platform.outgoing_mail WHERE account_id = $1', [taken.id]);
    // Somebody says that a letter was accepted.
    await sceau.database.query(
      'UPDATE incidents.notice SET reached = true WHERE incident_id = $1 AND candidate_id = $2',
      [incident, altered.id],
    );
    expect(await total(incident)).toMatchObject({ told: 0, waiting: 0, unreached: 1 });
    expect(record((await close()).body)['detail']).toMatch(/^2 /);
    const { out } = await cli('incident', 'notify', incident);
    expect(out).toContain('Written now: 3, of whom 0 had been told of less.\n1 of them could not be reached');
    await allSent();
    expect(await total(incident)).toMatchObject({ told: 3, waiting: 0, unreached: 0 });
    for (const person of who) {
      const letters = await lettersAbout(incident, person);
      expect(letters).toEqual([expect.not.stringMatching(/avons\s+déjà\s+écrit/)]);
    }
    expect((await cli('incident', 'notify', incident)).out).toContain('Written now: 0');
    expect((await close()).status).toBe(204);
  });

  it('are not needed for whoever is left untold to see the incident in their access history', async () => {
    const [one, other, reader] = people;
    if (one === undefined || other === undefined || reader === undefined)
      throw new Error('There are people.');
    const incident = await exposed([one, other]);
    const [known] = await sceau.database.query<{ id: string }>(
      'SELECT id::text FROM incidents.notice WHERE candidate_id = $1 LIMIT 1',
      [one.id],
    );
    const copy = await copyRow(sceau.database, 'incidents.notice', known?.id ?? '');
    const planted = newId<'incident-notice'>(Date.now());
    await plant(sceau.database, 'incidents.notice', { ...copy, id: planted, incident_id: incident });
    const closing = { body: { conclusion: 'Fausse alerte.', leaveUntold: true } };
    await operator.request(`/v1/operator/incidents/${incident}/close`, closing);
    for (const person of [one, other])
      expect((await own(person)).filter(({ id }) => id === incident)).toMatchObject([
        { entries: 1, fields: ['motivation'], lowerBound: false },
      ]);
    expect((await own(reader)).map(({ id }) => id)).not.toContain(incident);
    expect(await total(incident)).toMatchObject({ candidates: 2, told: 0, waiting: 0, unreached: 0 });
    const { body } = await operator.request(`/v1/operator/incidents/${incident}/affected`);
    expect(items(body).map(({ letter }) => letter)).toEqual(['none', 'none']);
    expect(await lettersAbout(incident, one)).toEqual([]);
    await sceau.database.query('UPDATE incidents.notice SET reached = NULL WHERE incident_id = $1', [
      incident,
    ]);
    expect(await total(incident)).toMatchObject({ told: 0 });
  });
});
