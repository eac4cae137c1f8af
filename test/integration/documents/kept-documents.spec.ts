import { randomBytes } from 'node:crypto';
import { open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PersonClient } from '../../../tools/client/person.ts';
import { DocumentSweep } from '../../../src/modules/documents/index.js';
import { SubjectKeys, SubjectRotation } from '../../../src/sealing/index.js';
import { record, signUpCandidate, systemContext } from '../../support/actors.js';
import { cellsOf } from '../../support/copy.js';
import { pdf } from '../../support/documents/files.js';
import { findAll, needlesOf } from '../../support/needles.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import { destroyAll, form, held, kept, list, ownerOf, stored } from './fixture.js';

const SAID = 'Éléonore de Kérouartz, archiviste paléographe';

describe('documents in the store', () => {
  let sceau: Sceau;
  let client: PersonClient;

  beforeAll(async () => {
    sceau = await startSceau();
    ({ client } = await signUpCandidate(sceau));
  }, 60_000);

  afterAll(() => sceau.stop());

  it('are kept under names that say nothing, and nothing of them lies anywhere in clear', async () => {
    await kept(client, pdf(SAID, 50_000));
    const files = await stored(sceau);
    expect(files).toHaveLength(1);
    for (const path of files) {
      expect(path.split('/').at(-1)).toMatch(/^[0-9a-f]{32}$/);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    }
    const needles = new Map([...needlesOf(SAID), ...needlesOf('Éléonore'), ...needlesOf('%PDF-1.7')]);
    const cells = (await cellsOf(sceau.database)).map(({ value }) => value);
    const bytes = await Promise.all(files.map((path) => readFile(path)));
    expect(findAll(Buffer.concat([...cells, ...bytes]), needles)).toEqual([]);
    // What it finds if there is something.
    expect(findAll(Buffer.from(`…${SAID}…`), needles)).not.toEqual([]);
  });

  it('stay readable when the key of their subject is renewed, without a byte in the store being changed', async () => {
    const [document] = await list(client);
    const [path = ''] = await stored(sceau);
    const before = await readFile(path);
    const id = await ownerOf(sceau, document?.['id']);
    const { isComplete } = await sceau.worker
      .get(SubjectRotation, { strict: false })
      .rotate(systemContext(), id);
    expect(isComplete).toBe(true);
    expect(before.equals(await readFile(path))).toBe(true);
    const download = await client.request(`/v1/me/documents/${String(document?.['id'])}`);
    expect(pdf(SAID, 50_000).equals(download.body as Buffer)).toBe(true);
    const keys = await sceau.database.query<{ version: string }>(
      'SELECT platform.key_version(document_key)::text AS version FROM documents.document',
    );
    expect(keys).toEqual([{ version: '2' }]);
  });

  it('break off visibly when the store’s bytes were changed, and tell nothing false before', async () => {
    const file = pdf(SAID, 500_000);
    const document = await kept(client, file, 'long.pdf');
    const path = `${sceau.url}/v1/me/documents/${String(document['id'])}`;
    const [object] = await sceau.database.query<{ object: string }>(
      'SELECT object FROM documents.document WHERE id = $1',
      [document['id']],
    );
    const place = (await stored(sceau)).find((name) => name.endsWith(object?.object ?? '-')) ?? '';
    const flip = async (at: number): Promise<void> => {
      const handle = await open(place, 'r+');
      const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
      await handle.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, at);
      await handle.close();
    };
    const headers = { authorization: client.authorization };
    const read = async (): Promise<[number, Buffer, boolean]> => {
      const answer = await fetch(path, { headers });
      const pieces: Buffer[] = [];
      try {
        for await (const piece of answer.body ?? []) pieces.push(Buffer.from(piece));
        return [answer.status, Buffer.concat(pieces), true];
      } catch {
        return [answer.status, Buffer.concat(pieces), false];
      }
    };
    expect(await read()).toEqual([200, file, true]);
    await flip(400_000);
    const [status, came, isWhole] = await read();
    expect([status, isWhole]).toEqual([200, false]);
    expect(came.length).toBeLessThan(file.length);
    expect(file.subarray(0, came.length).equals(came)).toBe(true);
    await flip(400_000);
    await flip(100);
    expect((await fetch(path, { headers })).status).toBe(500);
    await rm(place);
    expect((await fetch(path, { headers })).status).toBe(500);
    expect((await client.request(new URL(path).pathname, { method: 'DELETE' })).status).toBe(204);
  });

  it('are dark once their subject’s keys are destroyed, whoever has the store and the database', async () => {
    const other = await signUpCandidate(sceau);
    const sent = await other.client.request('/v1/me/documents', { form: form(pdf(SAID)) });
    const id = await ownerOf(sceau, record(sent.body)['id']);
    await sceau.app.get(SubjectKeys, { strict: false }).destroy(id, 'erasure');
    const path = `/v1/me/documents/${String(record(sent.body)['id'])}`;
    expect((await other.client.request(path)).status).not.toBe(200);
    expect(await stored(sceau)).not.toHaveLength(0);
    await destroyAll(sceau, id);
  });

  it('that were cut off by a death of the process are swept when an hour is over', async () => {
    const before = await held(sceau);
    const [document] = await list(client);
    const id = await ownerOf(sceau, document?.['id']);
    // As `kill -9` leaves it: the name is noted, the file is not whole.
    const object = randomBytes(16).toString('hex');
    await sceau.database.query(
      `INSERT INTO documents.loose_object (object, candidate_id, due_at) VALUES ($1, $2, $3)`,
      [object, id, new Date(sceau.clock.now().getTime() + 3_600_000)],
    );
    await writeFile(join(sceau.home, 'documents', 'incoming', object), 'a part');
    const sweep = () => sceau.worker.get(DocumentSweep, { strict: false }).run();
    await sweep();
    expect(await held(sceau)).toEqual({ ...before, files: before.files + 1, loose: before.loose + 1 });
    sceau.clock.advance({ seconds: 3_601 });
    await sweep();
    expect(await held(sceau)).toEqual(before);
  });
});
