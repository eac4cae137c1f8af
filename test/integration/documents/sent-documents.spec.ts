import { randomUUID } from 'node:crypto';
import { spyOn } from 'jest-mock';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { DocumentSweep } from '../../../src/modules/documents/index.js';
import { Notices } from '../../../src/modules/identity/index.js';
import { type AgencyActor, type CandidateActor, createAgency, record } from '../../support/actors.js';
import { pdf } from '../../support/documents/files.js';
import { EICAR, ProtocolScanner } from '../../support/documents/scanner.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { PLAIN_VACANCY } from '../../support/vacancy.js';
import { applicant } from '../applications/fixture.js';
import { type Client, codeOf, form, idOf, tagOf } from './fixture.js';

describe('documents of an application', () => {
  let sceau: Sceau;
  let scanner: ProtocolScanner;
  let agency: AgencyActor;
  let candidate: CandidateActor;
  let cv: string;
  let diploma: string;

  beforeAll(async () => {
    scanner = new ProtocolScanner();
    await scanner.start();
    sceau = await startSceau({
      adjust: (settings) => ({
        ...settings,
        documents: { ...settings.documents, scanner: scanner.settings },
      }),
    });
    agency = await createAgency(sceau);
    candidate = await applicant(sceau);
    cv = idOf(await upload(pdf('CV'), 'cv', 'Mon CV – été.pdf'));
    diploma = idOf(await upload(pdf('Diplôme'), 'diploma'));
  }, 90_000);

  afterAll(async () => {
    await sceau.stop();
    await scanner.stop();
  });

  const upload = (file: Buffer, kind: string, name = 'document.pdf'): Promise<Exchange> =>
    candidate.client.request('/v1/me/documents', { form: form(file, name, kind) });

  async function publish(content: object = {}): Promise<string> {
    const created = await agency.client.request('/v1/agency/vacancies', {
      body: { ...PLAIN_VACANCY, ...content },
    });
    const path = `/v1/agency/vacancies/${idOf(created)}`;
    await agency.client.request(`${path}/publish`, { method: 'POST', headers: tagOf(created) });
    return idOf(created);
  }

  async function draft(vacancyId: string, documents?: readonly string[]): Promise<Exchange> {
    const created = await candidate.client.request('/v1/me/applications', { body: { vacancyId } });
    const body = { motivation: 'Servir.', ...(documents === undefined ? {} : { documents }) };
    const path = `/v1/me/applications/${idOf(created)}`;
    return candidate.client.request(path, { method: 'PATCH', body, headers: tagOf(created) });
  }

  const submit = (application: Exchange): Promise<Exchange> =>
    candidate.client.request(`/v1/me/applications/${idOf(application)}/submit`, {
      method: 'POST',
      headers: { ...tagOf(application), 'idempotency-key': randomUUID() },
    });
  const sent = async (documents: readonly string[], content?: object): Promise<string> => {
    const application = await submit(await draft(await publish(content), documents));
    expect(application.status).toBe(200);
    return idOf(application);
  };
  const read = (application: string, document: string, purpose = 'review', who: Client = agency.client) =>
    who.request(`/v1/agency/applications/${application}/documents/${document}`, { headers: { purpose } });
  const remove = (document: string) =>
    candidate.client.request(`/v1/me/documents/${document}`, { method: 'DELETE' });
  const move = async (application: string, to: string): Promise<void> => {
    const path = `/v1/agency/applications/${application}`;
    const seen = await agency.client.request(path, { headers: { purpose: 'review' } });
    const body = { to, ...(to === 'rejected' ? { reason: 'other' } : {}) };
    expect((await agency.client.request(`${path}/transitions`, { body, headers: tagOf(seen) })).status).toBe(
      200,
    );
  };
  const entries = async (
    action: string,
  ): Promise<{ outcome: string; reason: string | null; resource: string }[]> =>
    sceau.database.query(
      `SELECT convert_from(envelope, 'UTF8')::json ->> 'outcome' AS outcome,
              convert_from(envelope, 'UTF8')::json ->> 'reason' AS reason,
              convert_from(envelope, 'UTF8')::json -> 'resource' ->> 'id' AS resource
       FROM (SELECT envelope FROM audit.leaf UNION ALL SELECT envelope FROM audit.staging) AS all_of_them
       WHERE convert_from(envelope, 'UTF8')::json ->> 'action' = $1`,
      [action],
    );

  it('are attached by their ids: own ones, that are there, each once', async () => {
    const application = await draft(await publish(), [diploma, cv]);
    expect(record(application.body)['documents']).toEqual([
      { id: diploma, kind: 'diploma' },
      { id: cv, kind: 'cv' },
    ]);
    const path = `/v1/me/applications/${idOf(application)}`;
    const patch = async (documents: unknown): Promise<Exchange> =>
      candidate.client.request(path, {
        method: 'PATCH',
        body: { documents },
        headers: tagOf(await candidate.client.request(path)),
      });
    const foreign = await patch([cv, '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b']);
    expect(foreign.status).toBe(422);
    expect(record(foreign.body)['errors']).toMatchObject([{ pointer: '/documents/1', code: 'not_allowed' }]);
    expect((await patch([cv, cv])).status).toBe(422);
    expect((await patch(['x'])).status).toBe(422);
    expect(record((await candidate.client.request(path)).body)['documents']).toHaveLength(2);
    expect(record((await patch([cv])).body)['documents']).toEqual([{ id: cv, kind: 'cv' }]);
    expect(record((await patch(null)).body)['documents']).toEqual([]);
  });

  it('that the vacancy requires are asked for one by one, in public and at the submission', async () => {
    const vacancyId = await publish({ requiredDocuments: ['cv', 'diploma', 'cover_letter'] });
    const page = await candidate.client.request(`/v1/vacancies/${vacancyId}`);
    expect(record(page.body)['requiredDocuments']).toEqual(['cv', 'diploma', 'cover_letter']);
    const application = await draft(vacancyId, [cv]);
    const refused = await submit(application);
    expect(codeOf(refused)).toBe('422 application_incomplete');
    expect(record(refused.body)['errors']).toEqual([
      { pointer: '/documents/diploma', code: 'required', detail: 'Joignez un diplôme.' },
      { pointer: '/documents/cover_letter', code: 'required', detail: 'Joignez une lettre de motivation.' },
    ]);
    const path = `/v1/agency/vacancies/${vacancyId}`;
    const change = async (requiredDocuments: readonly string[]) =>
      agency.client.request(path, {
        method: 'PATCH',
        body: { requiredDocuments },
        headers: tagOf(await agency.client.request(path)),
      });
    expect((await change(['selfie'])).status).toBe(422);
    expect((await change(['cv'])).status).toBe(200);
    expect((await submit(application)).status).toBe(200);
    // Once somebody has applied none is added; taking one away asks nobody for more.
    expect(codeOf(await change(['cv', 'diploma']))).toBe('422 invalid_request');
    expect((await change([])).status).toBe(200);
  });

  it('are listed and streamed to the agency as they were sent, with an entry for each reading', async () => {
    const application = await sent([cv, diploma]);
    const disclosed = await agency.client.request(`/v1/agency/applications/${application}`, {
      headers: { purpose: 'review' },
    });
    expect(record(record(disclosed.body)['fields'])['documents']).toEqual([
      expect.objectContaining({ id: cv, kind: 'cv', name: 'Mon CV – été.pdf', mediaType: 'application/pdf' }),
      expect.objectContaining({ id: diploma, kind: 'diploma', size: pdf('Diplôme').length }),
    ]);
    const file = await read(application, cv);
    expect([file.status, pdf('CV').equals(file.body as Buffer)]).toEqual([200, true]);
    expect(file.headers.get('content-disposition')).toContain(
      "filename*=UTF-8''Mon%20CV%20%E2%80%93%20%C3%A9t%C3%A9.pdf",
    );
    expect(file.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(await entries('document.disclosed')).toContainEqual({
      outcome: 'allowed',
      reason: null,
      resource: cv,
    });
    const history = record((await candidate.client.request('/v1/me/access-history?limit=5')).body)['items'];
    const sentences = (Array.isArray(history) ? history : []).map((entry) =>
      String(record(entry)['sentence']),
    );
    expect(sentences.some((sentence) => sentence.includes('a lu le contenu de l’un de vos documents'))).toBe(
      true,
    );
  });

  it('are nobody else’s: no other agency’s, no other application’s, no draft’s', async () => {
    const application = await sent([cv]);
    const other = await createAgency(sceau, 'Une autre');
    const drafted = idOf(await draft(await publish(), [cv]));
    expect((await read(application, cv, 'review', other.client)).status).toBe(404);
    expect((await read(application, diploma)).status).toBe(404);
    expect((await read(drafted, cv)).status).toBe(404);
    expect(codeOf(await read(application, cv, 'offer'))).toBe('403 disclosure_refused');
    // Whoever writes to the database attaches what was never sent: the sealed list does not have it.
    await sceau.database.query(
      `INSERT INTO documents.attachment (application_id, document_id, candidate_id, agency_id, position, state)
       SELECT application_id, $2, candidate_id, agency_id, 1, 'sent' FROM documents.attachment WHERE application_id = $1`,
      [application, diploma],
    );
    expect((await read(application, diploma)).status).toBe(404);
    expect((await read(application, cv)).status).toBe(200);
    const misses = (await entries('document.disclosed')).filter(({ outcome }) => outcome !== 'allowed');
    expect(new Set(misses.map(({ reason }) => reason))).toEqual(
      new Set(['not_found', 'purpose_not_allowed']),
    );
  });

  it('are withheld from an anonymous review until the interview', async () => {
    const application = await sent([cv], { anonymousReview: true });
    expect(codeOf(await read(application, cv))).toBe('403 disclosure_refused');
    for (const to of ['under_review', 'shortlisted']) await move(application, to);
    expect((await read(application, cv, 'interview')).status).toBe(200);
  });

  it('that their candidate deletes leave drafts, and stay as they were sent until the application ends', async () => {
    const letter = idOf(await upload(pdf('Lettre'), 'cover_letter'));
    const application = await sent([letter]);
    const drafted = await draft(await publish(), [letter]);
    expect((await remove(letter)).status).toBe(204);
    expect((await remove(letter)).status).toBe(404);
    expect((await draft(await publish(), [letter])).status).toBe(422);
    const path = `/v1/me/applications/${idOf(drafted)}`;
    const without = await candidate.client.request(path);
    expect(record(without.body)['documents']).toEqual([]);
    expect(without.headers.get('etag')).not.toBe(drafted.headers.get('etag'));
    const sweep = () => sceau.worker.get(DocumentSweep, { strict: false }).run();
    await sweep();
    expect((await read(application, letter)).status).toBe(200);
    // Its candidate sees what the agency sees.
    expect((await candidate.client.request(`/v1/me/documents/${letter}`)).status).toBe(200);
    await move(application, 'rejected');
    expect(codeOf(await read(application, letter))).toBe('403 disclosure_refused');
    await sweep();
    expect((await read(application, letter)).status).toBe(404);
    expect((await candidate.client.request(`/v1/me/documents/${letter}`)).status).toBe(404);
    const [left] = await sceau.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM documents.document WHERE id = $1',
      [letter],
    );
    expect(left?.count).toBe(0);
  });

  it('in which malware is found at the upload are refused, leave nothing and are on record', async () => {
    const counts = () =>
      sceau.database.query(
        'SELECT (SELECT count(*) FROM documents.document) AS documents, (SELECT count(*) FROM documents.loose_object) AS loose',
      );
    const before = await counts();
    expect(codeOf(await upload(Buffer.concat([pdf('x', 200_000), EICAR]), 'cv'))).toBe(
      '422 document_infected',
    );
    expect(codeOf(await upload(EICAR, 'cv'))).toBe('422 document_infected');
    expect(await counts()).toEqual(before);
    expect(await entries('document.infected')).toMatchObject([
      { outcome: 'refused' },
      { outcome: 'refused' },
    ]);
  });

  it('in which malware is found later are locked away before the agency has a byte of them', async () => {
    const suspect = idOf(await upload(pdf('Rien à voir'), 'portfolio'));
    const application = await sent([suspect, cv]);
    const drafted = await draft(await publish(), [suspect]);
    const usual = scanner.reaction;
    const post = spyOn(sceau.app.get(Notices, { strict: false }), 'post');
    scanner.reaction = (content) =>
      content.includes('Rien à voir') ? 'stream: Later.Signature FOUND\0' : 'stream: OK\0';
    try {
      const both = await Promise.all([read(application, suspect), read(application, suspect)]);
      expect(both.map(codeOf)).toEqual(['409 document_quarantined', '409 document_quarantined']);
      expect((await read(application, cv)).status).toBe(200);
    } finally {
      scanner.reaction = usual;
    }
    // Also when the scanner has thought better of it.
    expect(codeOf(await read(application, suspect))).toBe('409 document_quarantined');
    expect(codeOf(await candidate.client.request(`/v1/me/documents/${suspect}`))).toBe(
      '409 document_quarantined',
    );
    const { items } = record((await candidate.client.request('/v1/me/documents')).body);
    expect(items).toContainEqual(expect.objectContaining({ id: suspect, status: 'quarantined' }));
    expect(await entries('document.quarantined')).toHaveLength(1);
    const mail = await sceau.mailTo(candidate.email, /quarantaine/);
    expect(mail.text).not.toMatch(/Nolwenn|Le Goff|Mon CV|document\.pdf/);
    expect(post).toHaveBeenCalledTimes(1);
    post.mockRestore();
    const attached = await draft(await publish(), [suspect]);
    expect(attached.status).toBe(422);
    // Nor is a draft sent that had it before.
    expect(codeOf(await submit(drafted))).toBe('409 document_quarantined');
    const kept = await candidate.client.request(`/v1/me/applications/${idOf(drafted)}`);
    expect(record(kept.body)['status']).toBe('draft');
    expect((await remove(suspect)).status).toBe(204);
  });

  it('are neither taken nor given while the scanner does not answer', async () => {
    const application = await sent([cv]);
    await scanner.stop();
    try {
      const refused = await upload(pdf('x'), 'cv');
      expect([codeOf(refused), refused.headers.get('retry-after')]).toEqual([
        '503 scanner_unavailable',
        '30',
      ]);
      expect(codeOf(await read(application, cv))).toBe('503 scanner_unavailable');
      // One's own file is no danger to anybody else.
      expect((await candidate.client.request(`/v1/me/documents/${cv}`)).status).toBe(200);
    } finally {
      await scanner.start();
    }
    expect((await read(application, cv)).status).toBe(200);
  });
});
