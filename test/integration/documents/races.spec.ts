import type { Exchange } from '../../../tools/client/exchange.ts';
import { record } from '../../support/actors.js';
import { type Act, atOnce, type Hold } from '../../support/at-once.js';
import { pdf } from '../../support/documents/files.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { Recruitment } from '../applications/fixture.js';
import { codeOf, idOf, kept } from './fixture.js';

describe('a document and the draft that it is attached to, changed at the same time', () => {
  let sceau: Sceau;
  let recruitment: Recruitment;

  beforeAll(async () => {
    sceau = await startSceau();
    recruitment = await Recruitment.begin(sceau);
  }, 90_000);

  afterAll(() => sceau.stop());

  const keep = async (): Promise<string> =>
    String((await kept(recruitment.candidate.client, pdf('CV')))['id']);

  async function attached(): Promise<{ document: string; draft: Exchange; acts: Record<string, Act> }> {
    const [document, other] = [await keep(), await keep()];
    const created = await recruitment.begin(await recruitment.publish());
    const draft = await recruitment.write(created, { documents: [document] });
    const path = `/v1/me/applications/${idOf(draft)}`;
    const headers = { 'if-match': '*' };
    const remove = (what: string): Act => {
      return () => recruitment.candidate.client.request(what, { method: 'DELETE', headers });
    };
    const acts = {
      'the document is deleted': remove(`/v1/me/documents/${document}`),
      'the draft is deleted': remove(path),
      'it is attached once more': () => recruitment.write(draft, { documents: [other, document] }),
      'it is replaced': () => recruitment.write(draft, { documents: [other] }),
    };
    return { document, draft, acts };
  }

  const holdDocument =
    (document: string): Hold =>
    (manager) =>
      manager.query('SELECT FROM documents.document WHERE id = $1 FOR UPDATE', [document]);
  const holdAttachment =
    (document: string): Hold =>
    (manager) =>
      manager.query('SELECT FROM documents.attachment WHERE document_id = $1 FOR UPDATE', [document]);

  const DELETED = 'the document is deleted';
  it.each([
    ['the document', holdDocument, [DELETED, 'it is attached once more'], ['204', '422 invalid_request']],
    ['the document', holdDocument, ['it is attached once more', DELETED], ['200', '204']],
    ['the attachment', holdAttachment, [DELETED, 'it is replaced'], ['204', '412 precondition_failed']],
    ['the attachment', holdAttachment, ['it is replaced', DELETED], ['200', '204']],
    ['the attachment', holdAttachment, [DELETED, 'the draft is deleted'], ['204', '412 precondition_failed']],
    ['the attachment', holdAttachment, ['the draft is deleted', DELETED], ['204', '204']],
  ])('do not wait for one another: they meet at %s, %#', async (_, hold, order, outcomes) => {
    const { document, draft, acts } = await attached();
    const answers = await atOnce(
      sceau,
      order.flatMap((name) => acts[name] ?? []),
      hold(document),
    );
    expect(answers.map((answer) => (answer.status < 300 ? String(answer.status) : codeOf(answer)))).toEqual(
      outcomes,
    );
    const now = await recruitment.read(idOf(draft));
    expect(JSON.stringify(record(now.body)['documents'] ?? [])).not.toContain(document);
    expect((await recruitment.candidate.client.request(`/v1/me/documents/${document}`)).status).toBe(404);
  });

  it('are another draft only when one has lost the other', async () => {
    const { document, draft, acts } = await attached();
    const order = ['it is replaced', DELETED].flatMap((name) => acts[name] ?? []);
    const [replaced] = await atOnce(sceau, order, holdAttachment(document));
    const now = await recruitment.read(idOf(draft));
    expect(now.headers.get('etag')).toBe(replaced?.headers.get('etag'));
  });
});
