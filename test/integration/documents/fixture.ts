import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exchange, RequestOptions } from '../../../tools/client/exchange.ts';
import { type CandidateId, parseId } from '../../../src/kernel/ids.js';
import { DocumentData } from '../../../src/modules/documents/personal-data/document-data.js';
import { record } from '../../support/actors.js';
import type { Sceau } from '../../support/sceau.js';

export interface Client {
  request(path: string, options?: RequestOptions): Promise<Exchange>;
}

export const NAME = 'Curriculum vitæ – Éléonore.pdf';

export function form(file: Buffer, name = NAME, kind = 'cv', type = 'application/pdf'): FormData {
  const data = new FormData();
  data.set('kind', kind);
  data.set('file', new Blob([new Uint8Array(file)], { type }), name);
  return data;
}

export const codeOf = ({ status, body }: Exchange): string =>
  `${status} ${String(record(body ?? {})['code'])}`;
export const tagOf = ({ headers }: Exchange) => ({ 'if-match': headers.get('etag') ?? '' });
export const idOf = ({ body }: Exchange): string => String(record(body)['id']);

export const upload = (client: Client, file: Buffer, name?: string, kind?: string): Promise<Exchange> =>
  client.request('/v1/me/documents', { form: form(file, name, kind) });

export async function kept(
  client: Client,
  file: Buffer,
  name?: string,
  kind?: string,
): Promise<Record<string, unknown>> {
  const answer = await upload(client, file, name, kind);
  if (answer.status !== 201) throw new Error(`Not kept: ${codeOf(answer)}`);
  return record(answer.body);
}

export async function list(client: Client): Promise<Record<string, unknown>[]> {
  const { items } = record((await client.request('/v1/me/documents?limit=100')).body);
  return Array.isArray(items) ? items.map(record) : [];
}

/** All files below the store's folder. */
export async function stored({ home }: Sceau): Promise<string[]> {
  const all = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(join(home, 'documents'), all).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

/** How much there is, of everything that an upload could leave. */
export async function held(sceau: Sceau) {
  const rows = async (table: string): Promise<number> => {
    const [row] = await sceau.database.query<{ count: number }>(
      `SELECT count(*)::integer AS count FROM documents.${table}`,
    );
    return row?.count ?? 0;
  };
  return {
    files: (await stored(sceau)).length,
    rows: await rows('document'),
    loose: await rows('loose_object'),
  };
}

export async function ownerOf({ database }: Sceau, document: unknown): Promise<CandidateId> {
  const [row] = await database.query<{ id: string }>(
    'SELECT candidate_id::text AS id FROM documents.document WHERE id = $1',
    [document],
  );
  const id = parseId<CandidateId>(row?.id ?? '');
  if (id === undefined) throw new Error('There is no such document.');
  return id;
}

export const destroyAll = ({ app }: Sceau, id: CandidateId): Promise<void> =>
  app.get(DocumentData, { strict: false }).erase(id);

/** The head of an upload whose length is more than will ever come. */
export function requestHead({ settings }: Sceau, authorization: string): string {
  return [
    'POST /v1/me/documents HTTP/1.1',
    `host: 127.0.0.1:${settings.http.port}`,
    `authorization: ${authorization}`,
    'content-type: multipart/form-data; boundary=grenze',
    'content-length: 5000000',
    '',
    '--grenze',
    'content-disposition: form-data; name="kind"',
    '',
    'cv',
    '--grenze',
    'content-disposition: form-data; name="file"; filename="cv.pdf"',
    'content-type: application/pdf',
    '',
    '',
  ].join('\r\n');
}
