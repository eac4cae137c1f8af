import type { Exchange, RequestOptions } from '../../../../tools/client/exchange.ts';
import { record } from '../../../support/actors.js';
import { pdf } from '../../../support/documents/files.js';

interface Client {
  request(path: string, options?: RequestOptions): Promise<Exchange>;
}

/** Uploads two documents, looks at them and deletes one. @returns the id of the other */
export async function walkDocuments(client: Client): Promise<string> {
  const ask = async (path: string, status: number, options: RequestOptions = {}): Promise<Exchange> => {
    const answer = await client.request(path, options);
    if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const upload = async (): Promise<string> => {
    const form = new FormData();
    form.set('kind', 'cv');
    form.set('file', new Blob([new Uint8Array(pdf('Camille Martin'))]), 'cv.pdf');
    return String(record((await ask('/v1/me/documents', 201, { form })).body)['id']);
  };
  const [kept, removed] = [await upload(), await upload()];
  await ask('/v1/me/documents', 200);
  await ask(`/v1/me/documents/${kept}`, 200);
  await ask(`/v1/me/documents/${removed}`, 204, { method: 'DELETE' });
  return kept;
}
