import { Failure } from '../../../kernel/errors.js';
import { PasswordCheck } from './password-check.js';
import { PasswordStrength } from './strength.js';

const EMAIL = 'camille.martin@example.fr';

describe('the policy for passwords', () => {
  const strength = new PasswordStrength();
  const policy = new PasswordCheck(strength);

  afterAll(() => strength.onApplicationShutdown());

  async function refusal(password: string): Promise<Failure['fields'][number] | undefined> {
    try {
      await policy.verify(password, EMAIL);
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'password_refused') throw error;
      return error.fields[0];
    }
  }

  it.each([
    'quatre chevaux bleus sur la digue',
    'Gk7$ wp2! Zr9_ tq4+ mB',
    '馬四頭青い堤防の上で走っている朝',
    // As strong as its strongest part.
    `${'a'.repeat(40)} quatre chevaux bleus`,
  ])('takes "%s"', async (password) => {
    expect(await refusal(password)).toBeUndefined();
  });

  it.each([
    ['guessable', 'internationalement'],
    ['guessable', 'poiuytrezapoiuytreza'],
    ['common', 'motdepasse123456'],
    ['too_short', 'chevaux'],
    ['too_long', 'quatre chevaux bleus sur la digue '.repeat(5)],
  ])('says %s of "%s", at the field and in both languages', async (code, password) => {
    const field = await refusal(password);
    expect(field).toMatchObject({ pointer: '/password', code });
    expect(Object.keys(field?.detail ?? {})).toEqual(['en', 'fr']);
  });

  it('says what is wrong and what would be better', async () => {
    expect((await refusal('soleilsoleilsoleil'))?.detail).toEqual({
      en: expect.stringMatching(/repeated.*Avoid repeated words and characters\./is),
      fr: expect.stringMatching(/répétés.*Évitez les mots et les caractères répétés\./is),
    });
  });

  it('never repeats the password', async () => {
    const password = 'soleilsoleilsoleil';
    expect(JSON.stringify(await refusal(password))).not.toContain(password);
  });

  it('refuses when too many ask at once, and answers those who wait', async () => {
    const asked = Array.from({ length: 40 }, () => policy.verify('quatre chevaux bleus', EMAIL));
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(40);
    for (const answer of refused) expect(answer).toMatchObject({ reason: { code: 'service_unavailable' } });
    expect(await refusal('quatre chevaux bleus sur la digue')).toBeUndefined();
  });
});
