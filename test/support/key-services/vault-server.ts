import { randomBytes } from 'node:crypto';
import { type Answer, type Identity, LocalService, member, type Received, textAt } from './local-service.js';
import { TransitKey, TransitRefusal } from './transit-key.js';

/** Path patterns of a Vault policy (`+` is one segment, `*` at the end anything) with what they allow. */
export type VaultPolicy = readonly (readonly [path: string, capabilities: readonly string[]])[];

interface Lent {
  readonly policy: VaultPolicy;
  /** Seconds; zero: for ever. */
  readonly ttl: number;
  readonly renewable: boolean;
  endsAt: number;
}

interface Role {
  readonly secretId: string;
  readonly policy: VaultPolicy;
  readonly ttl: number;
}

export interface VaultOptions {
  readonly namespace?: string;
  readonly identity?: Identity;
  /** Milliseconds; tokens end by it. */
  readonly now?: () => number;
}

const EVERYTHING: VaultPolicy = [['*', ['create', 'read', 'update', 'delete', 'list']]];
/** What the `default` policy of Vault gives every token. */
const OWN_TOKEN: VaultPolicy = [
  ['auth/token/lookup-self', ['read']],
  ['auth/token/renew-self', ['update']],
];

/**
 * As much of Vault's HTTP API as a user of Transit meets: tokens with policies, AppRole, the seal, namespaces, and
 * the Transit endpoints with their batches. Answers and errors are those of its API documentation.
 */
export class VaultServer extends LocalService {
  readonly keys = new Map<string, TransitKey>();
  sealed = false;
  readonly #namespace: string;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Lent>();
  readonly #roles = new Map<string, Role>();

  constructor({ namespace = '', identity, now = Date.now }: VaultOptions = {}) {
    super(identity);
    this.#namespace = namespace;
    this.#now = now;
  }

  createKey(name: string, { derived }: { readonly derived: boolean }): TransitKey {
    const key = new TransitKey(name, derived);
    this.keys.set(name, key);
    return key;
  }

  /** @param ttl seconds; zero: for ever */
  createToken(policy: VaultPolicy = EVERYTHING, ttl = 0): string {
    const token = `hvs.${randomBytes(18).toString('base64url')}`;
    this.#tokens.set(token, { policy, ttl, renewable: ttl > 0, endsAt: this.#now() + ttl * 1_000 });
    return token;
  }

  revoke(token: string): void {
    this.#tokens.delete(token);
  }

  revokeAll(): void {
    this.#tokens.clear();
  }

  createRole(
    policy: VaultPolicy = EVERYTHING,
    ttl = 3_600,
  ): { readonly roleId: string; readonly secretId: string } {
    const [roleId, secretId] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
    this.#roles.set(roleId, { secretId, policy, ttl });
    return { roleId, secretId };
  }

  protected override nameOf({ method, url }: Received): string {
    return `${method} ${url}`;
  }

  protected override work({ method, url, headers, body }: Received): Answer {
    if (this.sealed) return errors(503, 'Vault is sealed');
    const path = url.replace(/^\/v1\//, '');
    const asked: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    if ((headers['x-vault-namespace'] ?? '') !== this.#namespace)
      return errors(404, `no handler for route "${path}". route entry not found.`);
    if (path === 'auth/approle/login' && method === 'POST') return this.#login(asked);

    const token = String(headers['x-vault-token'] ?? '');
    const lent = this.#lent(token);
    if (lent === undefined || !this.#may(lent, method, path)) return errors(403, 'permission denied');
    if (path === 'auth/token/lookup-self') return this.#lookup(token, lent);
    if (path === 'auth/token/renew-self') return this.#renew(token, lent);
    const [engine, operation = '', name = '', action] = path.split('/');
    if (engine !== 'transit') return errors(404, `no handler for route "${path}". route entry not found.`);
    return operation === 'keys' ? this.#key(name, action, asked) : this.#batch(operation, name, asked);
  }

  #lent(token: string): Lent | undefined {
    const lent = this.#tokens.get(token);
    return lent !== undefined && (lent.ttl === 0 || lent.endsAt > this.#now()) ? lent : undefined;
  }

  /** Encrypting with a key that does not exist would create it, and is a matter of another capability. */
  #may({ policy }: Lent, method: string, path: string): boolean {
    const [, creates] = /^transit\/encrypt\/(.+)$/.exec(path) ?? [];
    const write = creates !== undefined && !this.keys.has(creates) ? 'create' : 'update';
    return allows([...OWN_TOKEN, ...policy], path, method === 'GET' ? 'read' : write);
  }

  #login(asked: unknown): Answer {
    const role = this.#roles.get(textAt(asked, 'role_id'));
    if (role === undefined || role.secretId !== textAt(asked, 'secret_id'))
      return errors(400, 'invalid role or secret ID');
    return lease(this.createToken(role.policy, role.ttl), role.ttl, true);
  }

  #lookup(token: string, { ttl, renewable, endsAt }: Lent): Answer {
    const left = ttl === 0 ? 0 : Math.ceil((endsAt - this.#now()) / 1_000);
    return { status: 200, body: { data: { id: token, ttl: left, creation_ttl: ttl, renewable } } };
  }

  #renew(token: string, lent: Lent): Answer {
    if (!lent.renewable) return errors(400, 'lease is not renewable');
    lent.endsAt = this.#now() + lent.ttl * 1_000;
    return lease(token, lent.ttl, true);
  }

  #key(name: string, action: string | undefined, asked: unknown): Answer {
    const key = this.keys.get(name);
    if (key === undefined) return action === undefined ? { status: 404, body: { errors: [] } } : noKey();
    try {
      if (action === 'rotate') key.rotate();
      if (action === 'config')
        key.configure(numberAt(asked, 'min_decryption_version'), numberAt(asked, 'min_encryption_version'));
      if (action === 'trim') key.trim(numberAt(asked, 'min_available_version') ?? 0);
    } catch (error) {
      if (error instanceof TransitRefusal) return errors(400, error.message);
      throw error;
    }
    return { status: 200, body: { data: key.describe() } };
  }

  #batch(operation: string, name: string, asked: unknown): Answer {
    const items = member(asked, 'batch_input');
    if (!Array.isArray(items) || items.length === 0) return errors(400, 'missing batch input to process');
    const key = this.keys.get(name);
    if (key === undefined) return noKey();
    const results = items.map((item: unknown) => itemAnswer(key, operation, item));
    // Rewrapping gives up when one is not authentic; other refusals it tells item by item, with status 200.
    const spoilt = operation === 'rewrap' && results.some(({ error }) => error === NOT_AUTHENTIC);
    if (spoilt) return errors(500, `1 error occurred:\n\t* ${NOT_AUTHENTIC}\n\n`);
    const failed = operation !== 'rewrap' && results.some(({ error }) => error !== undefined);
    return { status: failed ? 400 : 200, body: { data: { batch_results: results } } };
  }
}

const NOT_AUTHENTIC = 'cipher: message authentication failed';

interface ItemAnswer {
  readonly ciphertext?: string;
  readonly key_version?: number;
  readonly plaintext?: string;
  readonly error?: string;
}

function itemAnswer(key: TransitKey, operation: string, item: unknown): ItemAnswer {
  const [context, ciphertext] = [textAt(item, 'context'), textAt(item, 'ciphertext')];
  try {
    switch (operation) {
      case 'encrypt':
        return { ciphertext: key.encrypt(textAt(item, 'plaintext'), context), key_version: key.latest };
      case 'decrypt':
        return { plaintext: key.decrypt(ciphertext, context) };
      case 'rewrap':
        // There is no `associated_data` here, whatever the item carries.
        return {
          ciphertext: key.encrypt(key.decrypt(ciphertext, context), context),
          key_version: key.latest,
        };
      default:
        throw new TransitRefusal('unsupported operation');
    }
  } catch (error) {
    if (error instanceof TransitRefusal) return { error: error.message };
    throw error;
  }
}

function allows(policy: VaultPolicy, path: string, capability: string): boolean {
  return policy.some(([pattern, capabilities]) => {
    const expression = pattern
      .replaceAll(/[.?^$|()[\]{}\\]/g, String.raw`\$&`)
      .replaceAll('+', '[^/]+')
      .replace(/\*$/, '.*');
    return new RegExp(`^${expression}$`).test(path) && capabilities.includes(capability);
  });
}

function errors(status: number, ...messages: readonly string[]): Answer {
  return { status, body: { errors: messages } };
}

function noKey(): Answer {
  return errors(400, 'encryption key not found');
}

function lease(token: string, seconds: number, renewable: boolean): Answer {
  return {
    status: 200,
    body: { auth: { client_token: token, lease_duration: seconds, renewable, token_type: 'service' } },
  };
}

function numberAt(value: unknown, name: string): number | undefined {
  const number = member(value, name);
  return typeof number === 'number' ? number : undefined;
}
