import type { Sceau } from '../../../support/sceau.js';

/** One request that was answered. */
export interface Observed {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestId: string;
}

/** Sees every request that any client of this process makes of the product, whatever library it uses. */
export class Observer {
  readonly seen: Observed[] = [];
  readonly #origin: string;
  readonly #fetch = globalThis.fetch;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async during(work: () => Promise<void>): Promise<void> {
    globalThis.fetch = async (input, init) => {
      const response = await this.#fetch(input, init);
      const url = new URL(input instanceof Request ? input.url : input);
      const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
      const requestId = response.headers.get('x-request-id');
      if (url.origin === this.#origin && requestId !== null)
        this.seen.push({
          method: method.toUpperCase(),
          path: url.pathname,
          status: response.status,
          requestId,
        });
      return response;
    };
    try {
      await work();
    } finally {
      globalThis.fetch = this.#fetch;
    }
  }
}

/** What the ledger holds of each request, sequenced or still staged. */
export async function actionsByRequest(sceau: Sceau): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await sceau.database.query<{ request: string; action: string }>(
    `SELECT request_id::text AS request, action FROM audit.entry
     UNION ALL SELECT e->>'requestId', e->>'action' FROM (SELECT convert_from(envelope, 'UTF8')::jsonb FROM audit.staging) AS t (e)`,
  );
  const found = new Map<string, Set<string>>();
  for (const { request, action } of rows) found.set(request, (found.get(request) ?? new Set()).add(action));
  return found;
}
