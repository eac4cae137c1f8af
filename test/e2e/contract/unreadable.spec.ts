import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { PersonClient } from '../../../tools/client/person.ts';
import { record } from '../../support/actors.js';
import { type Sceau, startSceau } from '../../support/sceau.js';

/** What is no request at all gets the same form of answer as any other bad input. */
describe('what cannot be read', () => {
  let sceau: Sceau;

  beforeAll(async () => {
    sceau = await startSceau();
  }, 60_000);

  afterAll(() => sceau.stop());

  function expectProblem(headers: Headers, body: Record<string, unknown>): void {
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: '/problems/malformed_request',
      status: 400,
      code: 'malformed_request',
      requestId: headers.get('x-request-id'),
    });
    expect(Object.keys(body).toSorted()).toEqual([
      'code',
      'instance',
      'requestId',
      'status',
      'title',
      'type',
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).not.toBeNull();
    expect(headers.get('vary')).toBe('accept-language');
  }

  it.each(['/%', '/%zz', '/v1/vacancies/%E0%A4%A'])('answers the path %s', async (path) => {
    const client = new PersonClient(sceau.url);
    const answer = await client.request(path, { headers: { 'accept-language': 'en' } });
    expect(answer.status).toBe(400);
    expectProblem(answer.headers, record(answer.body));
    expect(record(answer.body)['title']).toBe('The request cannot be read.');
  });

  it('answers a body that is not UTF-8', async () => {
    const answer = await fetch(`${sceau.url}/v1/registrations/confirm`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"token":"\xe9"}', 'latin1'),
    });
    expect(answer.status).toBe(400);
    expectProblem(answer.headers, record(await answer.json()));
  });

  it.each([
    ['bytes that are not HTTP', '\0\u0001\u0002\r\n\r\n'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: a\r\n\r\n'],
    [
      'two lengths',
      'POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['headers without end', `GET /health/live HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('answers %s and ends the connection', async (_, bytes) => {
    const { port, hostname } = new URL(sceau.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const [status, ...lines] = head.split('\r\n');
    expect(status).toBe('HTTP/1.1 400 Bad Request');
    const headers = new Headers(
      lines.map((line): [string, string] => [
        line.split(': ')[0] ?? '',
        line.split(': ').slice(1).join(': '),
      ]),
    );
    expect(headers.get('connection')).toBe('close');
    expectProblem(headers, record(JSON.parse(body)));
  });
});
