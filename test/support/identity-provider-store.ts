import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What a provider remembers, in this process and for as long as it runs. */
export class IdentityProviderStore implements Adapter {
  static readonly #kept = new Map<string, AdapterPayload>();
  readonly #kind: string;

  constructor(kind: string) {
    this.#kind = kind;
  }

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    IdentityProviderStore.#kept.set(this.#name(id), payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(IdentityProviderStore.#kept.get(this.#name(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#all().find((payload) => payload.uid === uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#all().find((payload) => payload.userCode === userCode));
  }

  async consume(id: string): Promise<void> {
    const payload = await this.find(id);
    if (payload !== undefined) await this.upsert(id, { ...payload, consumed: true });
  }

  destroy(id: string): Promise<void> {
    IdentityProviderStore.#kept.delete(this.#name(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [name, payload] of IdentityProviderStore.#kept)
      if (payload.grantId === grantId) IdentityProviderStore.#kept.delete(name);
    return Promise.resolve();
  }

  #all(): readonly AdapterPayload[] {
    return [...IdentityProviderStore.#kept]
      .filter(([name]) => name.startsWith(`${this.#kind}:`))
      .map(([, payload]) => payload);
  }

  #name(id: string): string {
    return `${this.#kind}:${id}`;
  }
}
