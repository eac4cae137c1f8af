/** What a client saw of one request, for whoever narrates or asserts. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** The answer's JSON, its text when it is none, or `undefined` when it is empty. */
  readonly body: unknown;
}

export type Listener = (exchange: Exchange) => void;

export interface RequestOptions {
  readonly method?: string;
  readonly body?: unknown;
  /** Sent as it stands, instead of `body`. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return undefined;
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(text) : text;
}

export function jsonRequest(options: RequestOptions): RequestInit {
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.5',
    ...options.headers,
  };
  if (options.raw !== undefined) return { method: options.method ?? 'POST', headers, body: options.raw };
  if (options.body === undefined) return { method: options.method ?? 'GET', headers };
  return {
    method: options.method ?? 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(options.body),
  };
}
