import { Writable } from 'node:stream';
import { Failure } from '../../kernel/errors.js';
import { readEnvironment } from '../config/environment.js';
import { Logger } from './logger.js';

const settings = readEnvironment({
  DATABASE_APP_URL: 'postgres://a@127.0.0.1/x',
  DATABASE_AUDITOR_URL: 'postgres://a@127.0.0.1/x',
  DATABASE_SEQUENCER_URL: 'postgres://a@127.0.0.1/x',
});

function capture(write: (logger: Logger) => void): Record<string, unknown> {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  write(new Logger(settings, sink));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

const exchange = { requestId: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b', traceId: 'a'.repeat(32) };

describe('Logger', () => {
  it('writes one line a request, with the route and without the URL', () => {
    const request = {
      method: 'GET',
      url: '/v1/vacancies?q=Camille+Martin',
      headers: { authorization: 'Bearer very-secret' },
      body: { email: 'camille.martin@example.fr' },
      routeOptions: { url: '/v1/vacancies' },
      exchange,
    };
    const line = capture((logger) => logger.request(request, 200, 12.345));
    expect(line).toMatchObject({ route: '/v1/vacancies', status: 200, elapsedMs: 12.3, actor: 'anonymous' });
    expect(Object.keys(line).toSorted()).toEqual(
      [
        'actor',
        'elapsedMs',
        'level',
        'method',
        'msg',
        'requestId',
        'route',
        'status',
        'time',
        'traceId',
      ].toSorted(),
    );
  });

  it('logs where a fault came from but not what a library said about it', () => {
    const cause = Object.assign(new Error('Key (email)=(camille.martin@example.fr) already exists.'), {
      code: '23505',
      detail: 'Key (email)=(camille.martin@example.fr)',
      parameters: ['camille.martin@example.fr'],
    });
    const failure = new Failure('internal_error', { privateDetail: 'saving the account', cause });
    const line = capture((logger) => logger.failure(failure, exchange));
    expect(JSON.stringify(line)).not.toContain('camille');
    expect(line['error']).toMatchObject({
      code: 'internal_error',
      detail: 'saving the account',
      cause: { name: 'Error', code: '23505' },
    });
  });
});
