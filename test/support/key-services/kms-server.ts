import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { type Answer, LocalService, member, type Received, textAt } from './local-service.js';
import { verifySignature } from './signature-v4.js';

const ACCOUNT = '111122223333';

/** `Unavailable`: its custom key store is disconnected. */
type State = 'Enabled' | 'Disabled' | 'Unavailable' | 'PendingDeletion';

interface MasterKey {
  readonly id: string;
  readonly material: Buffer;
  readonly policy: string;
  state: State;
  deletionDays?: number;
}

/** Exception of the KMS API, by its documented name. */
class KmsException extends Error {
  override readonly name: string;

  constructor(name: string, message = '') {
    super(message);
    this.name = name;
  }
}

/**
 * As much of AWS KMS as a user of symmetric keys meets: AWS JSON 1.1 with verified Signature Version 4, key states,
 * aliases, authenticated encryption contexts, and the documented exceptions.
 */
export class KmsServer extends LocalService {
  readonly region = 'eu-west-3';
  readonly aliases = new Map<string, string>();
  readonly keys = new Map<string, MasterKey>();
  /** Items on a page of aliases, at most. */
  pageSize = 50;
  readonly #secrets = new Map<string, string>();
  /** Actions (`kms:Encrypt`) by access key id; left out: all. */
  readonly #allowed = new Map<string, ReadonlySet<string>>();

  createPrincipal(actions?: readonly string[]): {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  } {
    const accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const secretAccessKey = randomBytes(30).toString('base64');
    this.#secrets.set(accessKeyId, secretAccessKey);
    if (actions !== undefined) this.#allowed.set(accessKeyId, new Set(actions));
    return { accessKeyId, secretAccessKey };
  }

  createKey(alias: string, policy = '{"Version":"2012-10-17"}'): MasterKey {
    const key = this.#newKey(policy);
    this.aliases.set(alias, key.id);
    return key;
  }

  /** What happens when the waiting time of a deletion has passed. */
  destroy(alias: string): void {
    this.keys.delete(this.aliases.get(alias) ?? '');
    this.aliases.delete(alias);
  }

  keyBehind(alias: string): MasterKey {
    return this.#find(alias);
  }

  protected override nameOf({ headers }: Received): string {
    return String(headers['x-amz-target'] ?? '').replace(/^TrentService\./, '');
  }

  protected override work(request: Received): Answer {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
    };
    try {
      const result = this.#answer(request);
      return { status: 200, headers, ...(result === undefined ? {} : { body: result }) };
    } catch (error) {
      if (!(error instanceof KmsException)) throw error;
      return { status: 400, headers, body: { __type: error.name, message: error.message } };
    }
  }

  #answer(request: Received): unknown {
    const signer = verifySignature(request, {
      region: this.region,
      service: 'kms',
      secrets: this.#secrets,
      now: Date.now(),
    });
    if ('refused' in signer) throw new KmsException(signer.refused);
    const operation = this.nameOf(request);
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/x-amz-json-1.1')
      throw new KmsException('UnknownOperationException');
    const asked: unknown = JSON.parse(request.body.toString('utf8'));
    const allowed = this.#allowed.get(signer.accessKeyId);
    if (allowed !== undefined && !actionsOf(operation, asked).every((action) => allowed.has(`kms:${action}`)))
      throw new KmsException('AccessDeniedException', `not authorized to perform: kms:${operation}`);
    // Whoever creates a key must be able to change its policy, unless that check is left out.
    const checked = operation === 'CreateKey' && member(asked, 'BypassPolicyLockoutSafetyCheck') !== true;
    if (checked && allowed !== undefined && !allowed.has('kms:PutKeyPolicy'))
      throw new KmsException('MalformedPolicyDocumentException');
    switch (operation) {
      case 'Encrypt':
        return this.#encrypt(asked);
      case 'Decrypt':
        return this.#decrypt(asked);
      case 'ReEncrypt':
        return this.#reEncrypt(asked);
      case 'DescribeKey':
        return { KeyMetadata: metadata(this.#find(textAt(asked, 'KeyId'))) };
      case 'ListAliases':
        return this.#list(asked);
      case 'CreateKey':
        return { KeyMetadata: metadata(this.#newKey(textAt(asked, 'Policy'))) };
      case 'CreateAlias':
        return this.#alias(textAt(asked, 'AliasName'), textAt(asked, 'TargetKeyId'));
      case 'GetKeyPolicy':
        return { Policy: this.#find(idOnly(asked)).policy, PolicyName: 'default' };
      case 'ScheduleKeyDeletion':
        return this.#schedule(asked);
      default:
        throw new KmsException('UnknownOperationException');
    }
  }

  #encrypt(asked: unknown): unknown {
    const key = this.#usable(textAt(asked, 'KeyId'));
    const plaintext = Buffer.from(textAt(asked, 'Plaintext'), 'base64');
    if (plaintext.length === 0 || plaintext.length > 4_096) throw new KmsException('ValidationException');
    return {
      CiphertextBlob: sealed(key, plaintext, contextAt(asked, 'EncryptionContext')),
      KeyId: arnOf(key),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #decrypt(asked: unknown): unknown {
    const named = textAt(asked, 'KeyId');
    const context = contextAt(asked, 'EncryptionContext');
    const { key, plaintext } = this.#open(textAt(asked, 'CiphertextBlob'), named, context);
    return {
      Plaintext: plaintext.toString('base64'),
      KeyId: arnOf(key),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #reEncrypt(asked: unknown): unknown {
    const { key: source, plaintext } = this.#open(
      textAt(asked, 'CiphertextBlob'),
      textAt(asked, 'SourceKeyId'),
      contextAt(asked, 'SourceEncryptionContext'),
    );
    const key = this.#usable(textAt(asked, 'DestinationKeyId'));
    return {
      CiphertextBlob: sealed(key, plaintext, contextAt(asked, 'DestinationEncryptionContext')),
      SourceKeyId: arnOf(source),
      KeyId: arnOf(key),
    };
  }

  #open(blob: string, named: string, context: string): { key: MasterKey; plaintext: Buffer } {
    const bytes = Buffer.from(blob, 'base64');
    if (bytes.length === 0 || bytes.length > 6_144) throw new KmsException('ValidationException');
    const expected = named === '' ? undefined : this.#find(named);
    const key = this.keys.get(bytes.subarray(0, 36).toString('latin1'));
    if (expected !== undefined && key !== expected) {
      if (key !== undefined) throw new KmsException('IncorrectKeyException');
      throw new KmsException('InvalidCiphertextException');
    }
    if (key === undefined) throw new KmsException('InvalidCiphertextException');
    this.#usable(key.id);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.material, bytes.subarray(36, 48), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-16));
      const plaintext = Buffer.concat([decipher.update(bytes.subarray(48, -16)), decipher.final()]);
      return { key, plaintext };
    } catch {
      throw new KmsException('InvalidCiphertextException');
    }
  }

  #list(asked: unknown): unknown {
    const names = [...this.aliases.keys()].toSorted();
    const from = textAt(asked, 'Marker') === '' ? 0 : names.indexOf(textAt(asked, 'Marker'));
    const limit = member(asked, 'Limit');
    const size = Math.min(typeof limit === 'number' ? limit : 50, this.pageSize);
    const next = names[from + size];
    return {
      Aliases: names.slice(from, from + size).map((name) => ({
        AliasName: name,
        AliasArn: `arn:aws:kms:${this.region}:${ACCOUNT}:${name}`,
        TargetKeyId: this.aliases.get(name),
      })),
      Truncated: next !== undefined,
      ...(next === undefined ? {} : { NextMarker: next }),
    };
  }

  #alias(name: string, target: string): undefined {
    if (this.aliases.has(name)) throw new KmsException('AlreadyExistsException', `${name} already exists`);
    this.aliases.set(name, this.#find(target).id);
    return undefined;
  }

  #schedule(asked: unknown): unknown {
    const key = this.#find(idOnly(asked));
    if (key.state === 'PendingDeletion')
      throw new KmsException('KMSInvalidStateException', `${arnOf(key)} is pending deletion.`);
    const days = member(asked, 'PendingWindowInDays') ?? 30;
    if (typeof days !== 'number' || days < 7 || days > 30) throw new KmsException('ValidationException');
    key.state = 'PendingDeletion';
    key.deletionDays = days;
    return { KeyId: arnOf(key), KeyState: key.state, PendingWindowInDays: days };
  }

  #newKey(policy: string): MasterKey {
    const key: MasterKey = { id: randomUUID(), material: randomBytes(32), policy, state: 'Enabled' };
    this.keys.set(key.id, key);
    return key;
  }

  /** By id, ARN or alias name. */
  #find(named: string): MasterKey {
    const id = named.startsWith('alias/') ? this.aliases.get(named) : named.replace(/^arn:.*:key\//, '');
    const key = this.keys.get(id ?? '');
    if (key === undefined) throw new KmsException('NotFoundException', `${named} is not found.`);
    return key;
  }

  #usable(named: string): MasterKey {
    const key = this.#find(named);
    if (key.state === 'Disabled') throw new KmsException('DisabledException', `${arnOf(key)} is disabled.`);
    if (key.state !== 'Enabled')
      throw new KmsException('KMSInvalidStateException', `${arnOf(key)} is ${key.state}.`);
    return key;
  }
}

/** What a caller must be allowed for an operation. */
function actionsOf(operation: string, asked: unknown): readonly string[] {
  if (operation === 'ReEncrypt') return ['ReEncryptFrom', 'ReEncryptTo'];
  return operation === 'CreateKey' && member(asked, 'Tags') !== undefined
    ? ['CreateKey', 'TagResource']
    : [operation];
}

/** Operations on the key itself take no alias. */
function idOnly(asked: unknown): string {
  const id = textAt(asked, 'KeyId');
  if (id.startsWith('alias/')) throw new KmsException('InvalidArnException');
  return id;
}

function sealed({ id, material }: MasterKey, plaintext: Buffer, context: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', material, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from(id, 'latin1'), nonce, body, cipher.getAuthTag()]).toString('base64');
}

/** The order of a context's pairs does not matter. */
function contextAt(asked: unknown, name: string): string {
  const context = member(asked, name);
  if (typeof context !== 'object' || context === null) return '[]';
  return JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function arnOf({ id }: MasterKey): string {
  return `arn:aws:kms:eu-west-3:${ACCOUNT}:key/${id}`;
}

function metadata(key: MasterKey): unknown {
  return {
    KeyId: key.id,
    Arn: arnOf(key),
    AWSAccountId: ACCOUNT,
    KeyState: key.state,
    Enabled: key.state === 'Enabled',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Origin: 'AWS_KMS',
  };
}
