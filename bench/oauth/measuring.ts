import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { freePort } from '../../tools/free-port.ts';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { compare, timed } from '../harness/rounds.ts';
import type { Prepared } from '../identity/installation.ts';
import { withServer } from '../identity/server.ts';
import { addressOf, atOnce } from '../identity/sign-ins.ts';
import { agencies } from './product.ts';
import { Program, type Target } from './program.ts';

/** A busy server: each of as many programs as it takes for no limit of the product to be met is always asking. */
const PROGRAMS = 48;

interface Sides {
  readonly programs: readonly Program[];
  /** By the program’s place in the list. */
  readonly product: readonly Target[];
  readonly bare: readonly Target[];
}

/** Tokens and calls of agencies’ programs, against the bare library in memory and bare verifications. */
export async function measureOauth(prepared: Prepared, options: RunOptions): Promise<readonly Measurement[]> {
  const programs = Array.from({ length: PROGRAMS }, (_, index) => new Program(addressOf(index)));
  const ids = await register(prepared, programs);
  return withServer(prepared, {}, ({ url }) =>
    withBareServer(programs, ids, async (bareUrl) => {
      const at = (place: string, server: string): Target[] =>
        ids.map((clientId) => ({ url: place, server, clientId }));
      const publicUrl = url.replace('127.0.0.1', 'localhost');
      const sides = { programs, product: at(publicUrl, url), bare: at(bareUrl, bareUrl) };
      const tokens = await measureTokens(sides, options);
      const lists = await measureCalls(sides, 'lists of vacancies', '', options);
      // A list of no entries is refused as soon as it is known who asks for it.
      const calls = await measureCalls(sides, 'validated requests', '?limit=0', options);
      const verifications = await bareVerifications(options.quick ? 500 : 3_000);
      return [
        {
          name: 'tokens against bare oidc-provider in memory',
          ...tokens,
          unit: '1/s',
          // Issue 6: everything that outlives the process is in PostgreSQL, and still most of the speed is there.
          goal: { of: 'ratio', bound: 'at least', limit: 0.6 },
        },
        {
          name: 'validated requests against oidc-provider and jose in memory',
          ...calls,
          unit: '1/s',
          goal: { of: 'ratio', bound: 'at least', limit: 0.6 },
        },
        {
          name: 'lists of vacancies against a constant after the same validation in memory',
          ...lists,
          unit: '1/s',
          // The one reads PostgreSQL under row-level security and answers through the framework, the other does neither.
          goal: { of: 'ratio', bound: 'at least', limit: 0.4 },
        },
        {
          name: 'validated requests against bare ES256 verifications',
          value: calls.value,
          baseline: verifications,
          unit: '1/s',
          // A request is one such verification and HTTP, a token, a client, a nonce and a mark in PostgreSQL.
          goal: { of: 'ratio', bound: 'at least', limit: 0.02 },
        },
      ];
    }),
  );
}

async function register({ rooms }: Prepared, programs: readonly Program[]): Promise<readonly string[]> {
  const { Agencies, Clients } = await agencies.room();
  const { newId } = await agencies.ids();
  const context = {
    requestId: newId<'request'>(Date.now()),
    actor: { kind: 'system', name: 'bench' },
    locale: 'fr',
    address: '127.0.0.1',
  } as const;
  const agency = await rooms.get(Agencies, { strict: false }).create(context, { name: 'Préfecture' });
  const clients = rooms.get(Clients, { strict: false });
  const ids: string[] = [];
  for (const { publicKey } of programs) {
    const keys = [{ ...publicKey, kty: 'EC' }];
    const metadata = { name: 'Mesure', jwks: { keys }, scopes: ['vacancies:read'] } as const;
    ids.push((await clients.create(context, agency.id, metadata)).id);
  }
  return ids;
}

async function withBareServer<Result>(
  programs: readonly Program[],
  ids: readonly string[],
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const port = await freePort();
  const clients = programs.map(({ publicKey }, index) => ({
    client_id: ids[index],
    jwks: { keys: [publicKey] },
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    token_endpoint_auth_method: 'private_key_jwt',
    dpop_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256',
    scope: 'vacancies:read',
  }));
  const child = fork(join(import.meta.dirname, 'bare-server.ts'), [String(port), JSON.stringify(clients)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  try {
    await Promise.race([once(child, 'message'), gone.then(() => Promise.reject(new Error('It has ended.')))]);
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

type Rates = Pick<Measurement, 'value' | 'baseline'>;

async function measureTokens({ programs, product, bare }: Sides, options: RunOptions): Promise<Rates> {
  const each = options.quick ? 240 : 720;
  const perSecond = async (targets: readonly Target[], count: number): Promise<number> =>
    (count * 1_000) /
    (await timed(() =>
      atOnce(PROGRAMS, Array.from({ length: count }).keys(), async (index) => {
        const [program, target] = [programs[index % PROGRAMS], targets[index % PROGRAMS]];
        if (program !== undefined && target !== undefined) await program.token(target);
      }),
    ));
  // Once each, for the nonces and for what a process compiles as it goes.
  for (const targets of [product, bare]) await perSecond(targets, each);
  return compare(
    {
      label: 'tokens',
      rounds: options.quick ? 3 : 7,
      measured: () => perSecond(product, each),
      baseline: () => perSecond(bare, each),
    },
    options,
  );
}

async function measureCalls(
  { programs, product, bare }: Sides,
  label: string,
  query: string,
  options: RunOptions,
): Promise<Rates> {
  const each = options.quick ? 480 : 1_920;
  const callers = async (targets: readonly Target[]): Promise<(() => Promise<void>)[]> =>
    Promise.all(
      programs.map(async (program, index) => {
        const target = targets[index];
        if (target === undefined) throw new Error('Every program is known at both.');
        const token = await program.token(target);
        return () => program.call(target, token, query);
      }),
    );
  const perSecond = async (calls: readonly (() => Promise<void>)[]): Promise<number> =>
    (each * 1_000) /
    (await timed(() =>
      atOnce(PROGRAMS, Array.from({ length: each }).keys(), (index) =>
        Promise.resolve(calls[index % PROGRAMS]?.()),
      ),
    ));
  const [atProduct, atBare] = [await callers(product), await callers(bare)];
  for (const calls of [atProduct, atBare]) await perSecond(calls);
  return compare(
    {
      label,
      rounds: options.quick ? 3 : 7,
      measured: () => perSecond(atProduct),
      baseline: () => perSecond(atBare),
    },
    options,
  );
}

/** One after the other in this process, with the library that both sides verify with. */
async function bareVerifications(count: number): Promise<number> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const parts = [{ alg: 'ES256' }, { jti: 'x', htm: 'GET', iat: 1 }];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const text = `${input}.${signature.toString('base64url')}`;
  const key = await importJWK({ ...publicKey.export({ format: 'jwk' }), kty: 'EC' }, 'ES256');
  const milliseconds = await timed(async () => {
    for (let done = 0; done < count; done += 1) await jwtVerify(text, key);
  });
  return (count * 1_000) / milliseconds;
}
