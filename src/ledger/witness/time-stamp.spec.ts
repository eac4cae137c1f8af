import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTimeStamp, nonceFrom, timeStampRequest } from './time-stamp.js';

interface Vectors {
  readonly note: string;
  readonly nonce: string;
  readonly authority: string;
  readonly otherAuthority: string;
  readonly request: string;
  readonly answers: Readonly<Record<'rsa' | 'ecdsa' | 'refused' | 'byServer' | 'ofAnotherKind', string>>;
}

const VECTORS: Vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../test/vectors/ledger/rfc3161.json'), 'utf8'),
);

const asked = {
  note: Buffer.from(VECTORS.note),
  nonce: nonceFrom(Buffer.from(VECTORS.nonce, 'hex')),
  authorities: VECTORS.authority,
};
const answer = (name: keyof Vectors['answers']): Buffer => Buffer.from(VECTORS.answers[name], 'base64');

describe('a time stamp', () => {
  it('is asked for as OpenSSL reads it', () => {
    expect(timeStampRequest(asked.note, asked.nonce).toString('base64')).toBe(VECTORS.request);
  });

  it.each(['0000000000000000', 'ffffffffffffffff', '8000000000000001'])(
    'has a number of eight bytes from %s',
    (hex) => {
      const nonce = nonceFrom(Buffer.from(hex, 'hex'));
      expect(nonce).toBeGreaterThanOrEqual(2n ** 62n);
      expect(nonce).toBeLessThan(2n ** 63n);
    },
  );

  it.each(['rsa', 'ecdsa'] as const)('of OpenSSL is good: %s', async (name) => {
    const time = await checkTimeStamp(answer(name), asked);
    expect(time.toISOString()).toMatch(/^2026-11-25T04:\d\d:\d\d/);
    const authorities = VECTORS.otherAuthority + VECTORS.authority;
    await expect(checkTimeStamp(answer(name), { ...asked, authorities })).resolves.toEqual(time);
  });

  it.each([
    ['another note', { note: Buffer.from(`${VECTORS.note}x`) }],
    ['another question', { nonce: asked.nonce + 1n }],
    [
      'somebody whom another authority of the same name has certified',
      { authorities: VECTORS.otherAuthority },
    ],
    ['somebody whom nobody has certified', { authorities: '' }],
    ['somebody whose authority cannot be read', { authorities: 'no certificate' }],
  ])('is not good when it is that of %s', async (_, difference) => {
    for (const name of ['rsa', 'ecdsa'] as const)
      await expect(checkTimeStamp(answer(name), { ...asked, ...difference })).rejects.toMatchObject({
        objection: 'not_cosigned',
      });
  });

  it.each([
    ['refused', 'refused'],
    ['byServer', 'not_cosigned'],
    ['ofAnotherKind', 'not_cosigned'],
  ] as const)('is not good when it is %s', async (name, objection) => {
    await expect(checkTimeStamp(answer(name), asked)).rejects.toMatchObject({ objection });
  });

  it('is not good with any byte of its content or signature changed, nor cut short', async () => {
    const whole = answer('ecdsa');
    const bad = [0, 1, whole.length - 1].map((length) => whole.subarray(0, length));
    const content = whole.indexOf(Buffer.from('2026'));
    for (const at of [content, whole.length - 1, whole.length - 40]) {
      const changed = Buffer.from(whole);
      changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
      bad.push(changed);
    }
    for (const bytes of bad)
      await expect(checkTimeStamp(bytes, asked)).rejects.toMatchObject({ objection: 'not_cosigned' });
  });
});
