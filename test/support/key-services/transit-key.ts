import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A refusal of the Transit engine, in its own words: of one item of a batch, or of a whole request. */
export class TransitRefusal extends Error {}

/**
 * One key of type aes256-gcm96 as the Transit engine keeps it: versions from 1, and the floors below which it does
 * not decrypt, does not encrypt, or has destroyed.
 */
export class TransitKey {
  readonly name: string;
  readonly derived: boolean;
  leastDecrypting = 1;
  /** Zero: the newest only. */
  leastEncrypting = 0;
  leastAvailable = 0;
  readonly #versions = new Map<number, Buffer>([[1, randomBytes(32)]]);

  constructor(name: string, derived: boolean) {
    this.name = name;
    this.derived = derived;
  }

  get latest(): number {
    return Math.max(...this.#versions.keys());
  }

  rotate(): void {
    this.#versions.set(this.latest + 1, randomBytes(32));
  }

  encrypt(plaintext: string, context: string): string {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plaintext))
      throw new TransitRefusal('failed to base64-decode plaintext');
    const version = this.latest;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keyFor(version, context), nonce);
    const body = Buffer.concat([cipher.update(Buffer.from(plaintext, 'base64')), cipher.final()]);
    return `vault:v${version}:${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64')}`;
  }

  /** @returns base64 */
  decrypt(ciphertext: string, context: string): string {
    if (!ciphertext.startsWith('vault:v')) throw new TransitRefusal('invalid ciphertext: no prefix');
    const [, digits = '', encoded = ''] = /^vault:v(\d+):(.*)$/.exec(ciphertext) ?? [];
    if (digits === '') throw new TransitRefusal('invalid ciphertext: wrong number of fields');
    const version = Number(digits);
    if (version > this.latest) throw new TransitRefusal('invalid ciphertext: version is too new');
    if (version < this.leastDecrypting)
      throw new TransitRefusal('ciphertext or signature version is disallowed by policy (too old)');
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length < 28) throw new TransitRefusal('invalid ciphertext: unable to decrypt');
    const decipher = createDecipheriv('aes-256-gcm', this.#keyFor(version, context), bytes.subarray(0, 12), {
      authTagLength: 16,
    });
    decipher.setAuthTag(bytes.subarray(-16));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('base64');
    } catch {
      throw new TransitRefusal('cipher: message authentication failed');
    }
  }

  /** Sets the floors as the `config` endpoint does: all or nothing. */
  configure(leastDecrypting = this.leastDecrypting, leastEncrypting = this.leastEncrypting): void {
    if (leastDecrypting > this.latest || leastEncrypting > this.latest)
      throw new TransitRefusal('cannot set a minimum version above the latest key version');
    if (leastEncrypting > 0 && leastEncrypting < leastDecrypting)
      throw new TransitRefusal(
        'min encryption version must be greater than or equal to min decryption version',
      );
    if (this.leastAvailable > leastDecrypting || this.leastAvailable > leastEncrypting)
      throw new TransitRefusal('min decryption version should not be less then min available version');
    this.leastDecrypting = leastDecrypting;
    this.leastEncrypting = leastEncrypting;
  }

  /** Destroys every version below this one. */
  trim(leastAvailable: number): void {
    if (leastAvailable < this.leastAvailable)
      throw new TransitRefusal('minimum available version cannot be decremented');
    if (this.leastEncrypting === 0)
      throw new TransitRefusal(
        'minimum available version cannot be set when minimum encryption version is not set',
      );
    if (leastAvailable > this.leastEncrypting || leastAvailable > this.leastDecrypting)
      throw new TransitRefusal('minimum available version cannot be greater than minimum decryption version');
    this.leastAvailable = leastAvailable;
    for (const version of this.#versions.keys()) if (version < leastAvailable) this.#versions.delete(version);
  }

  describe(): Record<string, unknown> {
    const open = [...this.#versions.keys()].filter((version) => version >= this.leastDecrypting);
    return {
      name: this.name,
      type: 'aes256-gcm96',
      derived: this.derived,
      ...(this.derived ? { kdf: 'hkdf_sha256' } : {}),
      keys: Object.fromEntries(open.map((version) => [String(version), 1_764_000_000 + version])),
      latest_version: this.latest,
      min_available_version: this.leastAvailable,
      min_decryption_version: this.leastDecrypting,
      min_encryption_version: this.leastEncrypting,
      deletion_allowed: false,
      exportable: false,
      allow_plaintext_backup: false,
      supports_encryption: true,
      supports_decryption: true,
      supports_derivation: true,
      supports_signing: false,
    };
  }

  /** A key that is not derived takes no notice of the context. */
  #keyFor(version: number, context: string): Buffer {
    const key = this.#versions.get(version);
    if (key === undefined) throw new TransitRefusal('key not found');
    if (!this.derived) return key;
    if (context === '')
      throw new TransitRefusal(
        "missing 'context' for key derivation; the key was created using a derived key, which means additional, per-request information must be included in order to perform operations with the key",
      );
    return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), Buffer.from(context, 'base64'), 32));
  }
}
