import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { newId } from '../../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSettings } from '../../support/settings.js';
import { handledSoFar, startNotes } from './notes.js';

describe('the HTTP conventions', () => {
  let database: TestDatabase;
  let app: INestApplication;
  const http = () => request(app.getHttpServer());
  const id = newId<'note'>(Date.now());

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startNotes(testSettings(database, '/nonexistent', 0));
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const bad: [string, () => request.Test, number, string][] = [
    [
      'malformed JSON',
      () => http().post('/notes').set('content-type', 'application/json').send('{"title":'),
      400,
      'malformed_request',
    ],
    ['a list for an object', () => http().post('/notes').send([]), 400, 'malformed_request'],
    [
      'a poisoned prototype',
      () =>
        http().post('/notes').set('content-type', 'application/json').send('{"__proto__":{},"title":"a"}'),
      400,
      'malformed_request',
    ],
    [
      'a member that every object has',
      () => http().post('/notes').send({ title: 'a', toString: 1 }),
      400,
      'unknown_member',
    ],
    ['a parameter that every object has', () => http().get('/notes?__proto__=1'), 400, 'unknown_member'],
    [
      'nesting without end',
      () =>
        http()
          .post('/notes')
          .set('content-type', 'application/json')
          .set('idempotency-key', 'deep')
          .send(`{"title":${'['.repeat(400)}${']'.repeat(400)}}`),
      400,
      'malformed_request',
    ],
    [
      'another charset',
      () =>
        http()
          .post('/notes')
          .set('content-type', 'application/json; charset=iso-8859-1')
          .send('{"title":"a"}'),
      415,
      'unsupported_media_type',
    ],
    [
      'a compressed body',
      () => http().post('/notes').set('content-encoding', 'gzip').send({ title: 'a' }),
      415,
      'unsupported_media_type',
    ],
    [
      'a merge patch on POST',
      () => http().post('/notes').set('content-type', 'application/merge-patch+json').send('{"title":"a"}'),
      415,
      'unsupported_media_type',
    ],
    [
      'an empty body',
      () => http().post('/notes').set('content-type', 'application/json').send(''),
      400,
      'malformed_request',
    ],
    [
      'an unknown member',
      () => http().post('/notes').send({ title: 'a', admin: true }),
      400,
      'unknown_member',
    ],
    [
      'an unknown nested member',
      () =>
        http()
          .post('/notes')
          .send({ title: 'a', lines: [{ text: 'b', x: 1 }] }),
      400,
      'unknown_member',
    ],
    ['a missing member', () => http().post('/notes').send({}), 422, 'invalid_request'],
    ['a wrong type', () => http().post('/notes').send({ title: 7 }), 422, 'invalid_request'],
    ['a control character', () => http().post('/notes').send({ title: 'a\u0000' }), 422, 'invalid_request'],
    [
      'an oversized body',
      () =>
        http()
          .post('/notes')
          .send({ title: 'a'.repeat(1_100) }),
      413,
      'payload_too_large',
    ],
    [
      'another content type',
      () => http().post('/notes').set('content-type', 'text/plain').send('a'),
      415,
      'unsupported_media_type',
    ],
    ['a form', () => http().post('/notes').type('form').send({ title: 'a' }), 415, 'unsupported_media_type'],
    [
      'an unacceptable answer type',
      () => http().get('/notes').set('accept', 'image/png'),
      406,
      'not_acceptable',
    ],
    ['an unknown path', () => http().get('/nothing'), 404, 'not_found'],
    ['a wrong method', () => http().delete('/notes'), 405, 'method_not_allowed'],
    ['a malformed id', () => http().get('/notes/42'), 404, 'not_found'],
    ['a limit too large', () => http().get('/notes?limit=101'), 400, 'invalid_query'],
    ['a limit that is no number', () => http().get('/notes?limit=ten'), 400, 'invalid_query'],
    ['an unknown parameter', () => http().get('/notes?sort=name'), 400, 'unknown_member'],
    ['a repeated parameter', () => http().get('/notes?cursor=a&cursor=b'), 400, 'invalid_query'],
    [
      'a forged cursor',
      () => http().get('/notes?cursor=WyIwIl0.AAAAAAAAAAAAAAAAAAAAAA'),
      400,
      'invalid_cursor',
    ],
    ['no cursor at all', () => http().get('/notes?cursor=%00'), 400, 'invalid_query'],
    ['no If-Match', () => http().patch(`/notes/${id}`).send({ title: 'a' }), 428, 'precondition_required'],
    [
      'a foreign If-Match',
      () => http().patch(`/notes/${id}`).set('if-match', 'W/"r1"').send({ title: 'a' }),
      412,
      'precondition_failed',
    ],
    [
      'a missing Idempotency-Key',
      () => http().post('/notes/submit').send({}),
      400,
      'idempotency_key_missing',
    ],
    [
      'a malformed Idempotency-Key',
      () => http().post('/notes').set('idempotency-key', 'é').send({ title: 'a' }),
      400,
      'malformed_request',
    ],
    [
      'a fault of ours',
      () => http().post('/notes/submit').set('idempotency-key', 'f').send({}),
      500,
      'internal_error',
    ],
  ];

  it.each(bad)('answers %s with a problem document', async (_, send, status, code) => {
    const before = handledSoFar();
    const answer = await send();
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: `/problems/${code}`,
      status,
      requestId: answer.headers['x-request-id'],
    });
    expect(JSON.stringify(answer.body)).not.toMatch(/camille|select|secret|stack/);
    expect(handledSoFar()).toBe(before);
  });

  it('names the methods that a path has', async () => {
    expect((await http().delete('/notes')).headers['allow']).toBe('GET, HEAD, POST');
  });

  it('points at each wrong member without repeating its value', async () => {
    const answer = await http()
      .post('/notes')
      .set('accept-language', 'en')
      .send({ title: 'Camille'.repeat(10), rank: 9, lines: [{ text: 'ok' }, { text: 5 }] });
    expect(answer.body.errors).toEqual([
      { pointer: '/title', code: 'too_long', detail: 'This member is too long: 20 characters at most.' },
      { pointer: '/rank', code: 'too_large', detail: 'This number is too large: 5 at most.' },
      { pointer: '/lines/1/text', code: 'type', detail: 'This member has the wrong type.' },
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('Camille');
  });

  it('speaks French unless English is preferred', async () => {
    expect((await http().get('/nothing')).body.title).toBe('Il n’y a rien ici.');
    expect((await http().get('/nothing').set('accept-language', 'de, en;q=0.8, fr;q=0.2')).body.title).toBe(
      'There is nothing here.',
    );
  });

  it('walks a list by cursor and Link to its end', async () => {
    const seen: number[] = [];
    let path: string | undefined = '/notes?limit=20';
    while (path !== undefined) {
      const answer: request.Response = await http().get(path);
      seen.push(...answer.body.items);
      path = /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
      expect(path === undefined).toBe(answer.body.nextCursor === null);
    }
    expect(seen).toEqual([0, 20, 40, 60]);
  });

  it('sends an ETag and answers 304 to whoever has it', async () => {
    const first = await http().get(`/notes/${id}`);
    expect(first.headers['etag']).toBe('"r3"');
    const again = await http().get(`/notes/${id}`).set('if-none-match', '"r1", W/"r3"');
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each([
    ['"r3"', 200],
    ['"r2", "r3"', 200],
    ['*', 200],
    ['"r2"', 412],
    ['"r2", W/"r3"', 412],
    ['r3', 412],
  ])('changes under If-Match: %s with %i', async (tags, status) => {
    const answer = await http().patch(`/notes/${id}`).set('if-match', tags).send({ title: 'a' });
    expect(answer.status).toBe(status);
  });

  it('lets everybody keep what is the same for all, and refuses nobody’s own language', async () => {
    const first = await http().get('/notes').set('accept-language', 'en');
    expect(first.headers).toMatchObject({ 'cache-control': 'public, max-age=60' });
    expect(Object.keys(first.headers)).not.toEqual(expect.arrayContaining(['vary']));
    const tag = first.headers['etag'] ?? '';
    expect(tag).toMatch(/^"[\w-]{22}"$/);
    const again = await http().get('/notes').set('if-none-match', `"other", W/${tag}`);
    expect([again.status, again.text, again.headers['etag'], again.headers['cache-control']]).toEqual([
      304,
      '',
      tag,
      'public, max-age=60',
    ]);
    const next = await http().get('/notes?limit=20').set('if-none-match', tag);
    expect(next.status).toBe(200);
    expect(next.headers['link']).toContain('rel="next"');
    const refused = await http().get('/notes?limit=0').set('if-none-match', '*');
    expect([refused.status, refused.headers['cache-control'], refused.headers['vary']]).toEqual([
      400,
      'no-store',
      'accept-language',
    ]);
  });

  it('continues the trace of the caller', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const answer = await http().get('/notes').set('traceparent', `00-${trace}-b7ad6b7169203331-01`);
    expect(answer.headers['traceparent']).toMatch(
      new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    );
  });

  describe('Idempotency-Key', () => {
    const create = (key: string, title: string) =>
      http().post('/notes').set('idempotency-key', key).send({ title });

    it('gives the same answer again, ETag included', async () => {
      const first = await create('"one"', 'a');
      const again = await create('"one"', 'a');
      expect(again.body).toEqual(first.body);
      expect([again.status, again.headers['etag'], again.headers['idempotency-replayed']]).toEqual([
        201,
        '"r1"',
        'true',
      ]);
    });

    it('refuses another request under the same key', async () => {
      await create('two', 'a');
      expect((await create('two', 'b')).body.code).toBe('idempotency_key_reused');
    });

    it('lets exactly one of many parallel duplicates through', async () => {
      const before = handledSoFar();
      const answers = await Promise.all(Array.from({ length: 8 }, () => create('three', 'a')));
      expect(handledSoFar()).toBe(before + 1);
      for (const answer of answers) expect([201, 409]).toContain(answer.status);
    });

    it('frees the key of a request that failed', async () => {
      expect((await create('four', 'x'.repeat(21))).status).toBe(422);
      expect((await create('four', 'x')).status).toBe(201);
    });
  });
});
