import type { CandidateActor, RequestContext } from '../../../src/kernel/context.js';
import { accountOf, type CandidateId, newId } from '../../../src/kernel/ids.js';
import { type SentDocument, Uploads } from '../../../src/modules/documents/index.js';
import type { FormPart } from '../../../src/platform/http/index.js';
import { pdf } from '../../support/documents/files.js';
import { everywhere, insertMany } from './bulk-insert.ts';
import type { Candidate, Ground } from './candidate.ts';
import { personOf } from './person.ts';

/** So many are uploaded at once. */
const AT_ONCE = 10;
const ENDED: readonly string[] = ['rejected', 'withdrawn'];

/** What each has uploaded, the way a request goes. @returns by the candidate, for those who have something to upload */
export async function uploadDocuments(
  { app }: Ground,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<CandidateId, SentDocument>> {
  const uploads = app.get(Uploads, { strict: false });
  const sent = new Map<CandidateId, SentDocument>();
  for (let at = 0; at < candidates.length; at += AT_ONCE)
    await Promise.all(
      candidates.slice(at, at + AT_ONCE).map(async ({ id, person }) => {
        const trace = personOf(person).traces.get('documents');
        if (trace === undefined) return;
        await using upload = await uploads.receive(ownContext(id), formOf(trace));
        const { document, details } = await upload.keep();
        if (details === null) throw new Error('What has just been sealed opens.');
        const { id: documentId, kind, mediaType, size } = document;
        sent.set(id, { id: documentId, kind, mediaType, size, ...details });
      }),
    );
  return sent;
}

/** Sends each along with the application, which is there already. */
export async function attachDocuments(
  { database }: Ground,
  candidates: readonly Candidate[],
  documents: ReadonlyMap<CandidateId, SentDocument>,
): Promise<void> {
  const rows = candidates.flatMap((candidate) => {
    const document = documents.get(candidate.id);
    return document === undefined ? [] : [{ ...candidate, document: document.id }];
  });
  if (rows.length === 0) return;
  await insertMany(database, 'documents.attachment', {
    application_id: ['uuid', rows.map(({ application }) => application)],
    document_id: ['uuid', rows.map(({ document }) => document)],
    candidate_id: ['uuid', rows.map(({ id }) => id)],
    agency_id: ['uuid', rows.map(({ agency }) => agency)],
    position: ['smallint', everywhere(rows, 0)],
    state: ['text', rows.map(({ status }) => (ENDED.includes(status) ? 'ended' : 'sent'))],
  });
}

async function* formOf(trace: string): AsyncGenerator<FormPart> {
  yield { type: 'field', name: 'kind', value: 'cv' };
  const content = [pdf(`Parcours professionnel, de ${trace} à ce jour.`)];
  yield { type: 'file', name: 'file', fileName: `CV ${trace}.pdf`, content: streamed(content) };
}

async function* streamed(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

const ownContext = (candidateId: CandidateId): RequestContext<CandidateActor> => ({
  requestId: newId<'request'>(Date.now()),
  actor: {
    kind: 'candidate',
    accountId: accountOf(candidateId),
    candidateId,
    sessionId: newId<'session'>(Date.now()),
    sessionRevision: 0,
    limitedTo: null,
    secondFactorAt: new Date(),
  },
  locale: 'fr',
  address: '192.0.2.7',
});
