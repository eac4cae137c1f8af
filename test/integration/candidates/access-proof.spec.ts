import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestContext } from '../../../src/kernel/context.js';
import {
  type ApplicationId,
  type CandidateId,
  type ClientId,
  newId,
  parseId,
} from '../../../src/kernel/ids.js';
import { Ledger } from '../../../src/ledger/index.js';
import { leafHash, openNote, parseCheckpoint, verifyInclusion } from '../../../src/ledger/merkle/index.js';
import { parseProof } from '../../../src/ledger/merkle/tlog-proof.js';
import {
  type AgencyActor,
  type CandidateActor,
  createAgency,
  record,
  signUpCandidate,
} from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

describe('the proof of an access', () => {
  let sceau: Sceau;
  let candidate: CandidateActor;
  let agency: AgencyActor;
  let candidateId: CandidateId;
  const otherId = newId<'candidate'>(Date.now());
  const application = newId<'application'>(Date.now());
  const otherApplication: ApplicationId = newId<'application'>(Date.now() + 1);

  beforeAll(async () => {
    sceau = await startSceau();
    candidate = await signUpCandidate(sceau);
    agency = await createAgency(sceau);
    const [account] = await sceau.database.query<{ id: string }>('SELECT id::text FROM identity.account');
    const id = parseId<CandidateId>(account?.id ?? '');
    if (id === undefined) throw new Error('The candidate has an account.');
    candidateId = id;
    const ledger = sceau.app.get(Ledger);
    const read = { action: 'application.disclosed', context: context(), purpose: 'review' } as const;
    await ledger.append(
      {
        ...read,
        subjects: [
          { candidate: otherId, application: otherApplication, fields: ['birthPlace'] },
          { candidate: candidateId, application, fields: ['motivation'] },
          { candidate: otherId, application: otherApplication, fields: ['nationality'] },
        ],
      },
      'sequenced',
    );
    await ledger.append(
      {
        ...read,
        purpose: 'offer',
        outcome: 'refused',
        reason: 'purpose_not_allowed',
        subjects: [{ candidate: candidateId, application, fields: [] }],
      },
      'sequenced',
    );
  }, 60_000);

  afterAll(() => sceau.stop());

  const context = (): RequestContext => {
    const clientId = parseId<ClientId>(agency.clientId);
    if (clientId === undefined) throw new Error('A client has an id.');
    return {
      requestId: newId<'request'>(Date.now()),
      actor: { kind: 'agency', agencyId: agency.agencyId, clientId, scopes: [] },
      locale: 'fr',
      address: '192.0.2.77',
    };
  };
  const bytes = (value: unknown): Buffer => Buffer.from(String(value), 'base64');
  const list = (value: unknown): readonly Record<string, unknown>[] =>
    Array.isArray(value) ? value.map(record) : [];
  const history = async (): Promise<readonly Record<string, unknown>[]> => {
    const { body } = await candidate.client.request('/v1/me/access-history?limit=100');
    return list(record(body)['items']);
  };
  const verifier = async (): Promise<string> =>
    (await readFile(join(sceau.settings.ledger.stateDirectory, 'checkpoint-key.vkey'), 'utf8')).trim();

  it('names the agency, the fields and a refusal, in words', async () => {
    const [refusal, reading] = (await history()).filter(({ actor }) => actor === 'agency');
    expect(reading).toMatchObject({
      sentence: expect.stringContaining(
        `Le ministère de la Culture a lu votre motivation pour la candidature ${application} le `,
      ),
      outcome: 'allowed',
      purpose: 'review',
      agencyName: 'Ministère de la Culture',
      applicationId: application,
      fields: ['motivation'],
    });
    expect(refusal).toMatchObject({
      sentence: expect.stringContaining('Refusé\u00A0: rien n’a été communiqué.'),
      outcome: 'refused',
      purpose: 'offer',
      fields: [],
    });
  });

  it('holds for every access, with the public key alone', async () => {
    const accesses = await history();
    expect(accesses.length).toBeGreaterThanOrEqual(4);
    for (const access of accesses) {
      const proof = record(access['proof']);
      const entry = bytes(proof['entry']);
      const envelope = record(JSON.parse(entry.toString()));
      expect(envelope['id']).toBe(access['id']);
      const path = parseProof(String(proof['proof']));
      const checkpoint = parseCheckpoint(openNote(path?.checkpoint ?? '', await verifier()) ?? '');
      if (path === undefined || checkpoint === undefined) throw new Error('The proof cannot be read.');
      const isInTree = verifyInclusion(
        path.hashes,
        leafHash(entry),
        path.index,
        checkpoint.size,
        checkpoint.root,
      );
      expect(isInTree).toBe(true);
      const root = Buffer.from(String(envelope['subjectsRoot']), 'base64url');
      const records = list(proof['records']);
      expect(records.length).toBeGreaterThan(0);
      for (const { record: own, position, size, hashes } of records) {
        const siblings = Array.isArray(hashes) ? hashes.map(bytes) : [];
        const leaf = leafHash(bytes(own));
        expect(verifyInclusion(siblings, leaf, Number(position), Number(size), root)).toBe(true);
        expect(
          verifyInclusion(siblings, leafHash(Buffer.from('{}')), Number(position), Number(size), root),
        ).toBe(false);
      }
    }
  });

  it('says nothing of the others that the entry names', async () => {
    const { body } = await candidate.client.request('/v1/me/access-history?limit=100');
    const text = JSON.stringify(body);
    const encoded = [...text.matchAll(/"(?:entry|record)":"([^"]+)"/g)].map(([, found]) =>
      bytes(found).toString(),
    );
    const everything = [text, ...encoded].join('\n');
    const references = await sceau.database.query<{ id: string; reference: string }>(
      'SELECT candidate_id::text AS id, reference::text FROM audit.subject_reference',
    );
    const own = references.find(({ id }) => id === candidateId)?.reference ?? 'none';
    const others = references.filter(({ id }) => id !== candidateId).map(({ reference }) => reference);
    expect(everything).toContain(own);
    expect(others.length).toBeGreaterThan(0);
    const secrets = [otherId, otherApplication, 'birthPlace', 'nationality', ...others];
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  });
});
