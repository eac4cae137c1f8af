import { Agent, request } from 'undici';
import type { VaultSettings } from '../../../platform/config/key-provider-settings.js';
import { ProviderFault } from '../provider-fault.js';
import { hasBatchResults } from './vault-answers.js';

const CONNECTIONS = 16;
const MOST_ANSWER_BYTES = 16 * 1_024 * 1_024;

export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  /** Segments below `/v1/`. */
  readonly path: readonly string[];
  readonly token?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** An answer of Vault that is none: its status says which. */
export class VaultFault extends ProviderFault {
  override readonly name = 'VaultFault';
  readonly status: number;

  constructor(status: number, reason: string, transient: boolean) {
    super(`answers ${status}: ${reason}`, { transient });
    this.status = status;
  }
}

/** Vault's HTTP API: one request, one JSON answer, and every way to fail as a ProviderFault. */
export class VaultHttp {
  readonly #settings: VaultSettings;
  readonly #agent: Agent;

  /** @param authorities PEM certificates that the server's must lead to; left out: those of Node */
  constructor(settings: VaultSettings, authorities: string | undefined) {
    this.#settings = settings;
    this.#agent = new Agent({
      connections: CONNECTIONS,
      maxResponseSize: MOST_ANSWER_BYTES,
      connect: {
        timeout: settings.timeoutMs,
        ...(authorities === undefined ? {} : { ca: authorities }),
      },
    });
  }

  /**
   * @returns the parsed body, `undefined` where there is none
   * @throws VaultFault, or ProviderFault when there is no whole answer
   */
  async send({ method, path, token, body }: VaultRequest, signal: AbortSignal): Promise<unknown> {
    const { namespace, address } = this.#settings;
    let status: number;
    let text: string;
    try {
      const answer = await request(`${address}/v1/${path.map(encodeURIComponent).join('/')}`, {
        dispatcher: this.#agent,
        method,
        signal,
        headers: {
          // Asked for by Vault's agent and proxy, against requests forged on the server's side.
          'x-vault-request': 'true',
          ...(token === undefined ? {} : { 'x-vault-token': token }),
          ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (cause) {
      throw new ProviderFault('cannot be reached, or broke off', { transient: true, cause });
    }
    const answer = parsed(text, status);
    if (status >= 200 && status < 300) return answer;
    if (status === 400 && hasBatchResults(answer)) return answer;
    throw refusal(status);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function parsed(text: string, status: number): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProviderFault(`an answer ${status} that is not JSON`, { transient: true, cause });
  }
}

function refusal(status: number): VaultFault {
  const because = (reason: string, transient: boolean) => new VaultFault(status, reason, transient);
  if (status >= 300 && status < 400) return because('VAULT_ADDR must lead to the active node', false);
  switch (status) {
    case 400:
      return because('the request or the login is refused', false);
    case 403:
      return because('the token is refused, or its policy does not allow this', false);
    case 404:
      return because('no such mount, key or namespace', false);
    case 412:
      return because('this node has not seen the newest state yet', true);
    case 429:
      return because('a quota is spent for the moment', true);
    case 503:
      return because('sealed, a standby or in maintenance', true);
    default:
      return because('not expected', status >= 472);
  }
}
