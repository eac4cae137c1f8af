import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../tools/free-port.ts';
import type { Measurement, RunOptions } from '../harness/benchmark.ts';
import { compare, median } from '../harness/rounds.ts';
import type { Prepared } from '../identity/installation.ts';
import { createPeople } from '../identity/people.ts';
import { type Server, withServer } from '../identity/server.ts';
import { addressOf, rightAttempt } from '../identity/sign-ins.ts';
import { type Account, bareCipher, download, fileOf, plainUpload, upload } from './transfers.ts';

const AT_ONCE = 50;
const FILE_BYTES = 10 * 1_024 * 1_024;
const SMALL_BYTES = 100 * 1_024;
const PEOPLE = 10;
const SAMPLE_MS = 20;

export async function measureDocuments(
  prepared: Prepared,
  options: RunOptions,
): Promise<readonly Measurement[]> {
  return withServer(prepared, { DATABASE_POOL_SIZE: '20' }, (server) =>
    withPlainServer(async (plain) => {
      const people = await signedIn(prepared, server.url);
      // Each several times: what matters is how many are under way, not whose they are.
      const accounts = Array.from({ length: AT_ONCE }, (_, at) => people[at % PEOPLE] ?? { token: '' });
      const rounds = options.quick ? 1 : 5;
      const small = await peakOf(server, () => round(server.url, accounts, fileOf(SMALL_BYTES)));
      const file = fileOf(FILE_BYTES);
      const downloads: number[] = [];
      const plainDownloads: number[] = [];
      let peak = 0;
      const uploads = await compare(
        {
          label: '50 files of 10 MiB',
          rounds,
          measured: async () => {
            let uploaded = 0;
            const reached = await peakOf(server, async () => {
              const rates = await round(server.url, accounts, file);
              uploaded = rates.upload;
              downloads.push(rates.download);
            });
            peak = Math.max(peak, reached);
            return uploaded;
          },
          baseline: async () => {
            const [names, perSecond] = await plainUpload(plain, AT_ONCE, file);
            plainDownloads.push(
              await download(
                plain,
                names.map((path) => ({ path, token: '' })),
              ),
            );
            return perSecond;
          },
        },
        options,
      );
      const cipher = await bareCipher(AT_ONCE, FILE_BYTES);
      const rates = { unit: 'MiB/s' } as const;
      return [
        {
          name: '50 uploads of 10 MiB at once against plain streaming to disk',
          ...rates,
          ...uploads,
          // Hashed, looked into and sealed on one thread: a form parsed, SHA-256 and AES-256-GCM for each byte.
          goal: { of: 'ratio', bound: 'at least', limit: 0.15 },
        },
        {
          name: '50 downloads of 10 MiB at once against plain streaming from disk',
          ...rates,
          value: median(downloads),
          baseline: median(plainDownloads),
          goal: { of: 'ratio', bound: 'at least', limit: 0.15 },
        },
        {
          name: '50 uploads of 10 MiB at once against bare AES-256-GCM in memory',
          ...rates,
          value: uploads.value,
          baseline: cipher,
          goal: { of: 'ratio', bound: 'at least', limit: 0.02 },
        },
        {
          name: 'memory with 50 files of 10 MiB under way against 50 of 100 KiB',
          unit: 'MiB',
          value: peak,
          baseline: small,
          // 500 MiB go through; what is held does not grow with them.
          goal: { of: 'ratio', bound: 'at most', limit: 1.6 },
        },
      ];
    }),
  );
}

/** Uploads one for each account at once, reads all back at once, and deletes them. */
async function round(
  url: string,
  accounts: readonly Account[],
  file: Blob,
): Promise<{ readonly upload: number; readonly download: number }> {
  const wishes: { path: string; token: string }[] = [];
  const [, perSecond] = await upload(url, accounts, file);
  for (const { token } of new Set(accounts)) {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(new URL('/v1/me/documents?limit=100', url), { headers });
    const { items }: { items: { id: string }[] } = JSON.parse(await answer.text());
    wishes.push(...items.map(({ id }) => ({ path: `/v1/me/documents/${id}`, token })));
  }
  const read = await download(url, wishes);
  for (const { path, token } of wishes)
    await fetch(new URL(path, url), { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  return { upload: perSecond, download: read };
}

/** The most memory that the server had while something was done, in MiB. */
async function peakOf(server: Server, work: () => Promise<unknown>): Promise<number> {
  const over = new AbortController();
  const watching = (async () => {
    let most = 0;
    while (!over.signal.aborted) {
      most = Math.max(most, await server.memory());
      await pause(SAMPLE_MS);
    }
    return most;
  })();
  try {
    await work();
  } finally {
    over.abort();
  }
  return watching;
}

async function signedIn(prepared: Prepared, url: string): Promise<readonly Account[]> {
  const { all } = await createPeople(prepared.rooms, prepared.passwords, PEOPLE);
  const accounts: Account[] = [];
  for (const [at, person] of all.entries()) {
    const { from, ...body } = await rightAttempt(person, addressOf(at));
    const answer = await fetch(new URL('/v1/sessions', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
      body: JSON.stringify({ ...body, transport: 'token' }),
    });
    const { token }: { token: string } = JSON.parse(await answer.text());
    accounts.push({ token });
  }
  return accounts;
}

async function withPlainServer<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const port = await freePort();
  const child = fork(join(import.meta.dirname, 'plain-server.ts'), [String(port)], { execArgv: [] });
  const gone = once(child, 'exit');
  try {
    await Promise.race([once(child, 'message'), gone.then(() => Promise.reject(new Error('It has ended.')))]);
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
