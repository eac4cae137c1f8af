import { createCipheriv, randomBytes } from 'node:crypto';
import { timed } from '../harness/rounds.ts';

const MIB = 1_024 * 1_024;

export interface Account {
  readonly token: string;
}

/** A file that is a PDF at its beginning and noise after it. */
export function fileOf(bytes: number): Blob {
  return new Blob(['%PDF-1.7\n', new Uint8Array(randomBytes(bytes - 9))]);
}

/** Uploads one for each account at once. @returns the paths, and MiB a second over all */
export async function upload(
  url: string,
  accounts: readonly Account[],
  file: Blob,
): Promise<[string[], number]> {
  const paths: string[] = [];
  const elapsed = await timed(() =>
    Promise.all(
      accounts.map(async ({ token }) => {
        const body = new FormData();
        body.set('kind', 'other');
        body.set('file', file, 'mesure.pdf');
        const headers = { authorization: `Bearer ${token}` };
        const answer = await fetch(new URL('/v1/me/documents', url), { method: 'POST', headers, body });
        if (answer.status !== 201) throw new Error(`An upload was answered with ${answer.status}.`);
        await answer.arrayBuffer();
        paths.push(answer.headers.get('location') ?? '');
      }),
    ),
  );
  return [paths, rate(accounts.length * file.size, elapsed)];
}

/** Reads each of these at once, as its own account. @returns MiB a second over all */
export async function download(
  url: string,
  wishes: readonly { readonly path: string; readonly token: string }[],
): Promise<number> {
  let bytes = 0;
  const elapsed = await timed(() =>
    Promise.all(
      wishes.map(async ({ path, token }) => {
        const answer = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
        if (answer.status !== 200 || answer.body === null)
          throw new Error(`A download was answered with ${answer.status}.`);
        for await (const piece of answer.body) bytes += piece.length;
      }),
    ),
  );
  return rate(bytes, elapsed);
}

/** The same bytes to a server that only writes them to disk. @returns their names, and MiB a second */
export async function plainUpload(url: string, times: number, file: Blob): Promise<[string[], number]> {
  let names: string[] = [];
  const elapsed = await timed(async () => {
    const send = async () => (await fetch(url, { method: 'POST', body: file })).text();
    names = await Promise.all(Array.from({ length: times }, send));
  });
  return [names, rate(times * file.size, elapsed)];
}

/** Bare AES-256-GCM over as many bytes in memory, in chunks of the documents’ size. @returns MiB a second */
export async function bareCipher(times: number, size: number): Promise<number> {
  const chunk = randomBytes(16_384);
  const key = randomBytes(32);
  const elapsed = await timed(() => {
    for (let done = 0; done < times * size; done += chunk.length) {
      const cipher = createCipheriv('aes-256-gcm', key, chunk.subarray(0, 12));
      cipher.update(chunk);
      cipher.final();
      cipher.getAuthTag();
    }
    return Promise.resolve();
  });
  return rate(times * size, elapsed);
}

const rate = (bytes: number, milliseconds: number): number => (bytes / MIB / milliseconds) * 1_000;
