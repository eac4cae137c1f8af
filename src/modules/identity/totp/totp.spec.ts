import fc from 'fast-check';
import { generate } from 'otplib';
import { newTotpSecret, totpStep, totpUri } from './totp.js';

/** RFC 6238 appendix B, SHA-1: the secret is the ASCII text 12345678901234567890; six digits are the last of its eight. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS: readonly (readonly [seconds: number, eightDigits: string])[] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];

const at = (seconds: number): Date => new Date(seconds * 1_000);

describe('a code from an authenticator', () => {
  it.each(VECTORS)('at %d seconds is that of RFC 6238', async (seconds, digits) => {
    expect(await totpStep(SECRET, digits.slice(2), at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('is good in its own step and the next one, and in no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }),
        fc.integer({ min: -4, max: 4 }),
        async (seconds, steps) => {
          const step = Math.floor(seconds / 30);
          const code = await generate({ secret: SECRET, epoch: (step + steps) * 30 });
          // By chance a code may be that of another step too, and count for that one.
          const isOwn = (await totpStep(SECRET, code, at(seconds))) === step + steps;
          expect(isOwn).toBe(steps === 0 || steps === -1);
        },
      ),
    );
  });

  it.each([
    '',
    ' ',
    '12345',
    '1234567',
    '12345a',
    ' 287082',
    '287082 ',
    '287 082',
    '+87082',
    '-87082',
    '0x1234',
    '2.7082',
    '２８７０８２',
    '٢٨٧٠٨٢',
    '287082\n',
    '287082\u0000',
    '1e5000',
    '9'.repeat(10_000),
  ])('that is malformed ("%s") is a wrong one and no fault', async (code) => {
    expect(await totpStep(SECRET, code, at(59))).toBeUndefined();
  });

  it('of another secret is wrong', async () => {
    const other = newTotpSecret();
    expect(other).not.toBe(newTotpSecret());
    expect(await totpStep(other, await generate({ secret: other, epoch: 59 }), at(59))).toBe(1);
    const near = await Promise.all([59, 29].map((epoch) => generate({ secret: other, epoch })));
    const wrong = ['287082', '287083', '287084'].find((code) => !near.includes(code)) ?? '';
    expect(await totpStep(other, wrong, at(59))).toBeUndefined();
  });

  it('has 160 bits behind it, in the form that authenticators take', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(totpUri(secret, 'camille.martin@example.fr'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(uri.searchParams.get('issuer')).toBe('Sceau');
  });
});
