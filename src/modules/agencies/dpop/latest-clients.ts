import type { ClientId } from '../../../kernel/ids.js';

/** More clients than call one process within minutes. */
const MOST = 1_000;

/**
 * Which client has used a key last. It says what to ask for while the token is looked up, and nothing of whose key it
 * is: whoever uses it must be as right when it is wrong.
 */
export class LatestClients {
  readonly #byThumbprint = new Map<string, ClientId>();

  of(thumbprint: string): ClientId | undefined {
    return this.#byThumbprint.get(thumbprint);
  }

  note(thumbprint: string, id: ClientId): void {
    if (this.#byThumbprint.get(thumbprint) === id) return;
    if (this.#byThumbprint.size >= MOST) this.#byThumbprint.clear();
    this.#byThumbprint.set(thumbprint, id);
  }
}
