import { PersonClient } from '../../../tools/client/person.ts';
import type { Id } from '../../../src/kernel/ids.js';
import {
  INSTALLATION,
  IndexRotation,
  KeyRewrapping,
  MasterRotation,
  SubjectRotation,
} from '../../../src/sealing/index.js';
import { CONSENT } from '../../../src/sealing/rotation/master-rotation.js';
import {
  type CandidateActor,
  createAgency,
  record,
  signUpCandidate,
  systemContext,
} from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { silent } from './rotation-fixture.js';
import { sealedValues } from './sealed-values.js';

const CANDIDATES = 4;

interface Seen {
  readonly what: string;
  readonly status: number;
  readonly text: string;
}

describe('every rotation while people work', () => {
  let sceau: Sceau;
  let candidates: readonly CandidateActor[];
  const context = systemContext();
  const seen: Seen[] = [];

  beforeAll(async () => {
    sceau = await startSceau();
    const signedUp: CandidateActor[] = [];
    for (let count = 0; count < CANDIDATES; count += 1) signedUp.push(await signUpCandidate(sceau));
    candidates = signedUp;
  }, 60_000);

  afterAll(() => sceau.stop());

  const service = <T>(type: abstract new (...given: never[]) => T): T =>
    sceau.app.get<T>(type, { strict: false });

  /** One candidate changes and reads their profile until told to stop, and compares what comes back. */
  async function work({ client }: CandidateActor, number: number, signal: AbortSignal): Promise<void> {
    for (let turn = 1; !signal.aborted; turn += 1) {
      const before = await client.request('/v1/me/profile');
      seen.push({ what: 'read', status: before.status, text: JSON.stringify(before.body) });
      const accommodations = `Candidat ${number}, tour ${turn}.`;
      // Changes one section and carries the others along.
      const written = await client.request('/v1/me/profile', {
        method: 'PATCH',
        body:
          turn === 1
            ? { accommodations, preferences: { departments: ['29'], categories: ['A'] } }
            : { accommodations },
        headers: {
          'if-match': before.headers.get('etag') ?? '',
          'content-type': 'application/merge-patch+json',
        },
      });
      seen.push({ what: 'write', status: written.status, text: JSON.stringify(written.body) });
      const after = await client.request('/v1/me/profile');
      const text = JSON.stringify(after.body);
      seen.push({ what: 'read back', status: text.includes(accommodations) ? after.status : 0, text });
      const entry = await client.request('/v1/me/profile/languages', {
        body: { language: 'br', level: 'B2' },
      });
      const kept = await client.request('/v1/me/profile/languages');
      seen.push({ what: 'languages', status: kept.status, text: JSON.stringify(kept.body) });
      const location = entry.headers.get('location') ?? '';
      if (entry.status !== 201)
        seen.push({ what: 'add', status: entry.status, text: JSON.stringify(entry.body) });
      else {
        const removed = await client.request(new URL(location, sceau.url).pathname, {
          method: 'DELETE',
          headers: { 'if-match': entry.headers.get('etag') ?? '' },
        });
        seen.push({ what: 'remove', status: removed.status, text: JSON.stringify(removed.body) });
      }
    }
  }

  /** Everybody signs in again with each of their recovery codes, and looks at their sessions. */
  async function signInAgain(signal: AbortSignal): Promise<void> {
    const codes = candidates.flatMap(({ email, password, recoveryCodes }) =>
      recoveryCodes.map((recoveryCode) => ({ email, password, recoveryCode })),
    );
    for (const code of codes) {
      if (signal.aborted) return;
      // What is counted here is failures, and a person would not sign in this often.
      await sceau.database.query('DELETE FROM platform.rate_limit');
      const client = new PersonClient(sceau.url);
      const answer = await client.request('/v1/sessions', { body: { ...code, transport: 'token' } });
      seen.push({ what: 'sign in', status: answer.status, text: JSON.stringify(answer.body) });
      if (answer.status !== 201) continue;
      client.useToken(String(record(answer.body)['token']));
      for (let look = 0; look < 5; look += 1) {
        const sessions = await client.request('/v1/me/sessions');
        seen.push({ what: 'sessions', status: sessions.status, text: JSON.stringify(sessions.body) });
      }
    }
  }

  it('fails no request', async () => {
    const agency = await createAgency(sceau);
    const stop = new AbortController();
    const traffic = Promise.all([
      ...candidates.map((candidate, number) => work(candidate, number, stop.signal)),
      signInAgain(stop.signal),
    ]);
    try {
      const subjects = await sceau.database.query<{ id: Id<'subject'> }>(
        'SELECT id FROM identity.account ORDER BY id',
      );
      await service(MasterRotation).rotate(context);
      await service(KeyRewrapping).run(context, silent);
      await service(IndexRotation).rotate(context, silent);
      for (const { id } of [...subjects.slice(0, 2), { id: agency.agencyId }, { id: INSTALLATION }])
        expect(await service(SubjectRotation).rotate(context, id)).toMatchObject({ isComplete: true });
      await service(MasterRotation).retire(context, 1, CONSENT);
      await service(IndexRotation).rotate(context, silent);
      await agency.client.authorise(['applications:read']);
      const listed = await agency.client.request('/v1/agency/applications');
      seen.push({ what: 'agency', status: listed.status, text: JSON.stringify(listed.body) });
    } finally {
      stop.abort();
      await traffic;
    }
    const expected: Record<string, number> = { 'sign in': 201, remove: 204, add: 201 };
    const failed = seen.filter(
      ({ what, status, text }) => status !== (expected[what] ?? 200) || /"unreadable":\[(?!\])/.test(text),
    );
    expect(failed).toEqual([]);
    for (const what of ['read', 'write', 'read back', 'remove', 'sign in'])
      expect(seen.filter((one) => one.what === what).length).toBeGreaterThan(8);
    const values = await sealedValues(sceau.database, sceau.app);
    expect(values.length).toBeGreaterThan(20);
    expect(values.filter(({ text }) => text === undefined)).toEqual([]);
  }, 120_000);
});
