import { spyOn } from 'jest-mock';
import type { Exchange } from '../../../tools/client/exchange.ts';
import { Failure } from '../../../src/kernel/errors.js';
import { DocumentSweep } from '../../../src/modules/documents/index.js';
import { LooseObjects } from '../../../src/modules/documents/loose-objects.js';
import { Database } from '../../../src/platform/database/database.js';
import { ObjectStore } from '../../../src/platform/objects/object-store.js';
import { type CandidateActor, record, signUpCandidate } from '../../support/actors.js';
import { type Act, areWaiting, atOnce, type Hold } from '../../support/at-once.js';
import { pdf } from '../../support/documents/files.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { Recruitment } from '../applications/fixture.js';
import { codeOf, held, idOf, kept, list, upload } from './fixture.js';

describe('a document, kept, changed and deleted at the same time', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  describe('and the draft that it is attached to', () => {
    let recruitment: Recruitment;

    beforeAll(async () => {
      recruitment = await Recruitment.begin(sceau);
    }, 90_000);

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
      [
        'the attachment',
        holdAttachment,
        [DELETED, 'the draft is deleted'],
        ['204', '412 precondition_failed'],
      ],
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

  describe('and its object', () => {
    let client: CandidateActor['client'];

    beforeAll(async () => {
      ({ client } = await signUpCandidate(sceau));
    }, 60_000);

    const CONTENT = pdf('CV', 50_000);
    const sweep = () => sceau.worker.get(DocumentSweep, { strict: false }).run();
    /** As that of an upload that has lasted for an hour. */
    const makeDue = () =>
      sceau.database.query('UPDATE documents.loose_object SET due_at = $1', [sceau.clock.now()]);

    /** Whether what is listed can be read. */
    async function contents(): Promise<boolean[]> {
      const downloads = (await list(client)).map(({ id }) =>
        client.request(`/v1/me/documents/${String(id)}`),
      );
      return (await Promise.all(downloads)).map(({ body }) => Buffer.isBuffer(body) && CONTENT.equals(body));
    }

    it('stays when the transaction that keeps it was committed and nobody heard of it', async () => {
      const before = await held(sceau);
      const database = sceau.app.get(Database, { strict: false });
      const loose = sceau.app.get(LooseObjects, { strict: false });
      const [run, claim] = [database.run.bind(database), loose.claim.bind(loose)];
      let isClaimed = false;
      const claiming = spyOn(loose, 'claim').mockImplementation(async (manager, object) => {
        await claim(manager, object);
        isClaimed = true;
      });
      const running = spyOn(database, 'run').mockImplementation(async (scope, work) => {
        const result = await run(scope, work);
        if (!isClaimed) return result;
        isClaimed = false;
        throw new Failure('service_unavailable');
      });
      try {
        expect(codeOf(await upload(client, CONTENT))).toBe('503 service_unavailable');
      } finally {
        claiming.mockRestore();
        running.mockRestore();
      }
      expect(await contents()).toEqual([true]);
      expect(await held(sceau)).toEqual({ ...before, files: before.files + 1, rows: before.rows + 1 });
    });

    it('is no document’s once a sweep deletes it', async () => {
      const before = await held(sceau);
      const store = sceau.app.get(ObjectStore, { strict: false });
      const sweepersStore = sceau.worker.get(ObjectStore, { strict: false });
      const [put, remove] = [store.put.bind(store), sweepersStore.delete.bind(sweepersStore)];
      const [deleted, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let sweeping: Promise<unknown> = Promise.resolve();
      const deleting = spyOn(sweepersStore, 'delete').mockImplementation(async (name) => {
        await remove(name);
        deleted.resolve();
        await answered.promise;
      });
      const putting = spyOn(store, 'put').mockImplementation(async (name, content) => {
        await put(name, content);
        await makeDue();
        sweeping = sweep();
        await deleted.promise;
      });
      try {
        expect(codeOf(await upload(client, CONTENT))).toBe('503 service_unavailable');
      } finally {
        answered.resolve();
        await sweeping;
        deleting.mockRestore();
        putting.mockRestore();
      }
      expect(await held(sceau)).toEqual(before);
    });

    it('is not deleted by a sweep that comes while it becomes a document’s', async () => {
      const before = await held(sceau);
      const loose = sceau.app.get(LooseObjects, { strict: false });
      const claim = loose.claim.bind(loose);
      let sweeping: Promise<unknown> = Promise.resolve();
      const claiming = spyOn(loose, 'claim').mockImplementation(async (manager, object) => {
        await makeDue();
        await claim(manager, object);
        sweeping = sweep();
        await eventually('the sweep to wait', () => areWaiting(sceau, 1));
      });
      try {
        expect((await upload(client, CONTENT)).status).toBe(201);
        await sweeping;
      } finally {
        claiming.mockRestore();
      }
      expect(await contents()).not.toContain(false);
      expect(await held(sceau)).toEqual({ ...before, files: before.files + 1, rows: before.rows + 1 });
    });
  });
});
