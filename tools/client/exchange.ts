/** What a client saw of one request, for whoever narrates or asserts. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** The answer's JSON, its text when it is none, its bytes when it is a file, or `undefined` when it is empty. */
  readonly body: unknown;
}

export type Listener = (exchange: Exchange) => void;

export interface RequestOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it stands, instead of `body`. */
  readonly raw?: string;
  /** Sent as a form, instead of either. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

const isText = ({ headers }: Response): boolean => /json|csv|text/.test(headers.get('content-type') ?? '');

export async function readBody(response: Response): Promise<unknown> {
  if (response.headers.get('content-disposition')?.startsWith('attachment') === true && !isText(response))
    return Buffer.from(await response.arrayBuffer());
  const text = await response.text();
  if (text === '') return undefined;
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(text) : text;
}

export function jsonRequest(options: RequestOptions): RequestInit {
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.5, */*;q=0.1',
    ...options.headers,
  };
  if (options.raw !== undefined) return { method: options.method ?? 'POST', headers, body: options.raw };
  if (options.form !== undefined) return { method: options.method ?? 'POST', headers, body: options.form };
  if (options.body === undefined) return { method: options.method ?? 'GET', headers };
  return {
    method: options.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(options.body),
  };
}
