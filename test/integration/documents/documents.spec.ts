import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { PersonClient } from '../../../tools/client/person.ts';
import { record, signUpCandidate } from '../../support/actors.js';
import { docm, docx, docxWithTypeAtTheEnd, jpeg, odt, pdf, png, zip } from '../../support/documents/files.js';
import { eventually } from '../../support/eventually.js';
import { type Sceau, startSceau } from '../../support/sceau.js';
import {
  codeOf,
  destroyAll,
  form,
  held,
  kept,
  list,
  NAME,
  ownerOf,
  requestHead,
  stored,
  upload,
} from './fixture.js';

const MIB = 1_024 * 1_024;
const SAID = 'Éléonore de Kérouartz, archiviste paléographe';

describe('a candidate’s documents', () => {
  let sceau: Sceau;
  let client: PersonClient;

  beforeAll(async () => {
    sceau = await startSceau();
    ({ client } = await signUpCandidate(sceau));
  }, 60_000);

  afterAll(() => sceau.stop());

  it('are uploaded, listed, downloaded with headers that keep a browser from opening them, and deleted', async () => {
    const file = pdf(SAID, 100_000);
    const sha256 = createHash('sha256').update(file).digest('base64');
    const answer = await upload(client, file);
    expect(answer.status).toBe(201);
    const document = record(answer.body);
    expect(document).toEqual({
      id: expect.any(String),
      kind: 'cv',
      status: 'available',
      name: NAME,
      mediaType: 'application/pdf',
      size: file.length,
      sha256,
      createdAt: expect.any(String),
    });
    const path = `/v1/me/documents/${String(document['id'])}`;
    expect(answer.headers.get('location')).toBe(path);
    expect(await list(client)).toEqual([document]);
    const download = await client.request(path);
    expect(file.equals(download.body as Buffer)).toBe(true);
    expect(Object.fromEntries(download.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(file.length),
      'content-disposition':
        'attachment; filename="Curriculum vit? ? ?l?onore.pdf"; filename*=UTF-8\'\'Curriculum%20vit%C3%A6%20%E2%80%93%20%C3%89l%C3%A9onore.pdf',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'repr-digest': `sha-256=:${sha256}:`,
    });
    expect((await client.request(path, { method: 'DELETE' })).status).toBe(204);
    expect((await client.request(path)).status).toBe(404);
    expect((await client.request(path, { method: 'DELETE' })).status).toBe(404);
    expect(await held(sceau)).toEqual({ files: 0, rows: 0, loose: 0 });
  });

  it.each([
    ['a PDF', pdf('x'), 'application/pdf', 'a.pdf'],
    [
      'a DOCX',
      docx('x'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'a.pdf.docx',
    ],
    [
      'a DOCX that tells late',
      docxWithTypeAtTheEnd('x'.repeat(200_000)),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'a.pdf.docx',
    ],
    ['an ODT', odt('x'), 'application/vnd.oasis.opendocument.text', 'a.pdf.odt'],
    ['a PNG', png(), 'image/png', 'a.pdf.png'],
    ['a JPEG', jpeg(), 'image/jpeg', 'a.pdf.jpg'],
  ])('are taken for what they are: %s that says it is a PDF', async (_, file, mediaType, name) => {
    const document = await kept(client, file, 'a.pdf', 'other');
    expect(document).toMatchObject({ mediaType, name, size: file.length });
    await client.request(`/v1/me/documents/${String(document['id'])}`, { method: 'DELETE' });
  });

  it.each([
    ['a text', Buffer.from('Bonjour, voici mon CV.')],
    ['a web page', Buffer.from('<!doctype html><script>alert(1)</script>')],
    [
      'a drawing that runs scripts',
      Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
    ],
    ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])],
    ['a Word file with macros', docm()],
    ['an archive', zip({ 'cv.pdf': pdf('x') })],
    ['nothing', Buffer.alloc(0)],
    ['noise', randomBytes(70_000)],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
  ])('are refused and leave nothing: %s that says it is a PDF', async (_, file) => {
    expect(codeOf(await upload(client, file, 'cv.pdf'))).toBe('415 unsupported_media_type');
    expect(await held(sceau)).toEqual({ files: 0, rows: 0, loose: 0 });
  });

  it('have ten mebibytes at most, to the byte', async () => {
    const most = pdf('x', 10 * MIB);
    const document = await kept(client, most, 'grand.pdf');
    const path = `/v1/me/documents/${String(document['id'])}`;
    expect(most.equals((await client.request(path)).body as Buffer)).toBe(true);
    await client.request(path, { method: 'DELETE' });
    for (const length of [10 * MIB + 1, 12 * MIB])
      expect(codeOf(await upload(client, pdf('x', length)))).toBe('413 payload_too_large');
    expect(await held(sceau)).toEqual({ files: 0, rows: 0, loose: 0 });
  });

  it('come in a form of two parts, in either order, and in no other', async () => {
    const other = new FormData();
    // By its type it is a file, though nobody calls it anything.
    other.set('file', new Blob([new Uint8Array(pdf('x'))]), '');
    other.set('kind', 'diploma');
    const answer = await client.request('/v1/me/documents', { form: other });
    expect(record(answer.body)).toMatchObject({ kind: 'diploma', name: 'document.pdf' });
    await client.request(`/v1/me/documents/${String(record(answer.body)['id'])}`, { method: 'DELETE' });
    const send = async (change: (data: FormData) => void): Promise<string> => {
      const data = form(pdf('x'));
      change(data);
      return codeOf(await client.request('/v1/me/documents', { form: data }));
    };
    expect(await send((data) => data.delete('kind'))).toBe('422 invalid_request');
    expect(await send((data) => data.delete('file'))).toBe('422 invalid_request');
    expect(await send((data) => data.set('kind', 'selfie'))).toBe('422 invalid_request');
    expect(await send((data) => data.append('kind', 'cv'))).toBe('400 unknown_member');
    expect(await send((data) => data.append('file', new Blob(['x']), 'two.pdf'))).toBe('400 unknown_member');
    expect(await send((data) => data.set('path', '/etc/passwd'))).toBe('400 unknown_member');
    expect(await send((data) => data.set('kind', 'x'.repeat(5_000)))).toBe('413 payload_too_large');
    expect(codeOf(await client.request('/v1/me/documents', { body: { kind: 'cv' } }))).toBe(
      '415 unsupported_media_type',
    );
    const raw = { raw: 'no form', headers: { 'content-type': 'multipart/form-data; boundary=x' } };
    expect(codeOf(await client.request('/v1/me/documents', raw))).toBe('400 malformed_request');
    const elsewhere = { form: form(pdf('x')) };
    expect(codeOf(await client.request('/v1/me/applications', elsewhere))).toBe('415 unsupported_media_type');
    expect((await client.request('/v1/nowhere', elsewhere)).status).toBe(404);
    expect(await held(sceau)).toEqual({ files: 0, rows: 0, loose: 0 });
  });

  it('of a client that is cut off leave nothing behind', async () => {
    const request = requestHead(sceau, client.authorization);
    const socket = connect(sceau.settings.http.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    socket.write(pdf(SAID, 300_000));
    await eventually('an object that is not whole', async () =>
      (await stored(sceau)).length > 0 ? true : undefined,
    );
    socket.destroy();
    await eventually('nothing to be left', async () => {
      const { files, rows: documents, loose } = await held(sceau);
      return files + documents + loose === 0 ? true : undefined;
    });
    expect(await list(client)).toEqual([]);
  });

  it('are the same document for the same Idempotency-Key, and the same file only', async () => {
    const headers = { 'idempotency-key': 'upload-1' };
    const send = (file: Buffer, kind = 'cv') =>
      client.request('/v1/me/documents', { form: form(file, NAME, kind), headers });
    const first = await send(pdf('one'));
    const again = await send(pdf('one'));
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(codeOf(await send(pdf('two')))).toBe('422 idempotency_key_reused');
    expect(codeOf(await send(pdf('one'), 'diploma'))).toBe('422 idempotency_key_reused');
    expect(await held(sceau)).toEqual({ files: 1, rows: 1, loose: 0 });
    const parallel = await Promise.all(
      Array.from({ length: 4 }, () =>
        client.request('/v1/me/documents', {
          form: form(pdf('three')),
          headers: { 'idempotency-key': 'upload-2' },
        }),
      ),
    );
    const made = parallel.filter(({ status }) => status === 201).map(({ body }) => record(body)['id']);
    expect(new Set(made).size).toBe(1);
    for (const { status } of parallel) expect([201, 409]).toContain(status);
    expect(await held(sceau)).toEqual({ files: 2, rows: 2, loose: 0 });
    for (const { id } of await list(client))
      await client.request(`/v1/me/documents/${String(id)}`, { method: 'DELETE' });
  });

  it('are twenty at most, however many are sent at once', async () => {
    const other = await signUpCandidate(sceau);
    for (let at = 0; at < 18; at += 1)
      await other.client.request('/v1/me/documents', { form: form(pdf(String(at))) });
    const last = await Promise.all(
      [1, 2, 3, 4].map(() => other.client.request('/v1/me/documents', { form: form(pdf('last')) })),
    );
    expect(last.map(codeOf).toSorted()).toEqual([
      '201 undefined',
      '201 undefined',
      '409 conflict',
      '409 conflict',
    ]);
    expect(await list(other.client)).toHaveLength(20);
    const paged = record((await other.client.request('/v1/me/documents?limit=15')).body);
    const rest = await other.client.request(
      `/v1/me/documents?limit=15&cursor=${encodeURIComponent(String(paged['nextCursor']))}`,
    );
    expect(record(rest.body)['items']).toHaveLength(5);
    const [one] = await list(other.client);
    await destroyAll(sceau, await ownerOf(sceau, one?.['id']));
    expect(await list(other.client)).toEqual([]);
    await eventually('an empty store', async () => ((await stored(sceau)).length === 0 ? true : undefined));
  });

  it('are another’s 404', async () => {
    const other = await signUpCandidate(sceau);
    const document = await kept(client, pdf('x'));
    const path = `/v1/me/documents/${String(document['id'])}`;
    expect((await other.client.request(path)).status).toBe(404);
    expect((await other.client.request(path, { method: 'DELETE' })).status).toBe(404);
    expect(await list(other.client)).toEqual([]);
    expect((await client.request(path, { method: 'DELETE' })).status).toBe(204);
  });
});
