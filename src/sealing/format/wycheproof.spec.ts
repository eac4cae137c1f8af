import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decrypt, encrypt } from './cipher.js';
import { expand } from './hkdf.js';
import { type Hash, hmac } from './mac.js';

interface File<Test> {
  readonly numberOfTests: number;
  readonly tests: readonly Test[];
}

interface Common {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid';
}

type GcmTest = Common & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>;
type MacTest = Common & Record<'key' | 'msg' | 'tag', string> & { readonly tagSize: number };
type HkdfTest = Common & Record<'ikm' | 'salt' | 'info' | 'okm', string> & { readonly size: number };

function read<Test>(name: string, count: number): readonly Test[] {
  const url = new URL(`../../../test/vectors/wycheproof/${name}.json`, import.meta.url);
  const { numberOfTests, tests }: File<Test> = JSON.parse(readFileSync(url, 'utf8'));
  if (tests.length !== numberOfTests || tests.length !== count) throw new Error('Vectors are missing.');
  return tests;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('AES-256-GCM against Wycheproof', () => {
  const tests = read<GcmTest>('aes_256_gcm', 51);
  const of = (result: GcmTest['result']) => tests.filter((test) => test.result === result);

  it.each(of('valid'))('$tcId $comment', ({ key, iv, aad, msg, ct, tag }) => {
    const secret = createSecretKey(hex(key));
    expect(encrypt(secret, hex(iv), hex(aad), hex(msg))).toEqual(hex(ct + tag));
    expect(decrypt(secret, hex(iv), hex(aad), hex(ct + tag))).toEqual(hex(msg));
  });

  it.each(of('invalid'))('$tcId $comment is refused', ({ key, iv, aad, ct, tag }) => {
    expect(() => decrypt(createSecretKey(hex(key)), hex(iv), hex(aad), hex(ct + tag))).toThrow(/./);
  });
});

describe('HMAC-SHA-256 against Wycheproof', () => {
  it.each(read<MacTest>('hmac_sha256', 174))(
    '$tcId $comment ($result)',
    ({ key, msg, tag, tagSize, result }) => {
      // A shorter tag is the beginning of the whole one (RFC 2104 §5).
      const whole = hmac('sha256', createSecretKey(hex(key)), hex(msg));
      const isSame = whole.subarray(0, tagSize / 8).equals(hex(tag));
      expect(isSame).toBe(result === 'valid');
    },
  );
});

describe.each([
  ['sha256', 'hkdf_sha256', 105, 32],
  ['sha512', 'hkdf_sha512', 102, 64],
] as const)('HKDF with %s against Wycheproof', (hash: Hash, name, count, bytes) => {
  const tests = read<HkdfTest>(name, count);
  const of = (result: HkdfTest['result']) => tests.filter((test) => test.result === result);

  function expanded({ ikm, salt, info, size }: HkdfTest): Buffer {
    // RFC 5869 §2.2: without a salt, as many zeros as the hash has bytes.
    const extracted = hmac(hash, createSecretKey(salt === '' ? Buffer.alloc(bytes) : hex(salt)), hex(ikm));
    return expand(hash, createSecretKey(extracted), hex(info), size);
  }

  it.each(of('valid'))('$tcId $comment', (test) => {
    expect(expanded(test)).toEqual(hex(test.okm));
  });

  it.each(of('invalid'))('$tcId $comment is refused', (test) => {
    expect(() => expanded(test)).toThrow(/255/);
  });

  it('gives 255 blocks and not a byte more (RFC 5869 §2.3)', () => {
    const key = createSecretKey(Buffer.alloc(bytes, 1));
    expect(expand(hash, key, Buffer.alloc(0), 255 * bytes)).toHaveLength(255 * bytes);
    expect(() => expand(hash, key, Buffer.alloc(0), 255 * bytes + 1)).toThrow(/255/);
  });
});
