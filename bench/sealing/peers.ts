import { randomBytes } from 'node:crypto';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import cipherSweet from 'ciphersweet-js';
import cloak from '@47ng/cloak';
import typeormEncrypted from 'typeorm-encrypted';

/** Something that turns a field's value into what is stored and back. */
export interface FieldSealing<Stored> {
  readonly name: string;
  readonly seal: (value: string) => Stored | Promise<Stored>;
  readonly open: (stored: Stored) => unknown;
  /** Bytes in a column of the type that the package is made for. */
  readonly bytes: (stored: Stored) => number;
}

/** One type for all: what each stores is its own business. */
export type AnySealing = FieldSealing<unknown>;

export function anySealing<Stored>(sealing: FieldSealing<Stored>): AnySealing {
  return {
    name: sealing.name,
    seal: sealing.seal,
    open: (stored) => sealing.open(stored as Stored),
    bytes: (stored) => sealing.bytes(stored as Stored),
  };
}

/** Whoever stores a JSON value through these packages turns it into text first, as they take text only. */
const textOf = (value: string): string => JSON.stringify(value);
const valueOf = (text: string): unknown => JSON.parse(text);

/** The packages that people would pick instead, each in its quickest form that authenticates. */
export async function peers(): Promise<readonly AnySealing[]> {
  return [cipherSweetPeer(), cloakPeer(), typeormPeer(), await awsPeer()];
}

function cipherSweetPeer(): AnySealing {
  const { CipherSweet, EncryptedField, ModernCrypto, StringProvider } = cipherSweet;
  const provider = new StringProvider(randomBytes(32).toString('hex'));
  const field = new EncryptedField(
    new CipherSweet(provider, new ModernCrypto()),
    'application',
    'motivation',
  );
  return anySealing<string>({
    name: 'ciphersweet-js',
    // It takes a string for Latin-1 and loses every other character, so it is given the bytes one by one.
    seal: (value) => field.encryptValue(Buffer.from(textOf(value), 'utf8').toString('latin1'), 'row'),
    open: async (stored) => valueOf((await field.decryptValue(stored, 'row')).toString('utf8')),
    bytes: (stored) => Buffer.byteLength(stored),
  });
}

function cloakPeer(): AnySealing {
  const key = cloak.parseKeySync(cloak.generateKey());
  return anySealing<string>({
    name: '@47ng/cloak',
    seal: (value) => cloak.encryptStringSync(textOf(value), key),
    open: (stored) => valueOf(cloak.decryptStringSync(stored, key)),
    bytes: (stored) => Buffer.byteLength(stored),
  });
}

function typeormPeer(): AnySealing {
  const transformer = new typeormEncrypted.EncryptionTransformer({
    key: randomBytes(32).toString('hex'),
    algorithm: 'aes-256-gcm',
    ivLength: 12,
  });
  return anySealing<string>({
    name: 'typeorm-encrypted',
    seal: (value) => requireText(transformer.to(textOf(value))),
    open: (stored) => valueOf(requireText(transformer.from(stored))),
    bytes: (stored) => Buffer.byteLength(stored),
  });
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('The package gave no text.');
  return value;
}

async function awsPeer(): Promise<AnySealing> {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'sceau',
    unencryptedMasterKey: new Uint8Array(randomBytes(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const suite = {
    // Without the signature, which would take it several times as long.
    suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    encryptionContext: { row: 'row' },
  };
  return Promise.resolve(
    anySealing<Buffer>({
      name: '@aws-crypto/client-node',
      seal: async (value) => (await encrypt(keyring, textOf(value), suite)).result,
      open: async (stored) => valueOf((await decrypt(keyring, stored)).plaintext.toString('utf8')),
      bytes: (stored) => stored.length,
    }),
  );
}
