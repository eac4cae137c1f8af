import fc from 'fast-check';
import { commonPasswords } from './common-passwords.js';
import { normalisePassword, type PasswordProblem, passwordProblem } from './password-rules.js';

const EMAIL = 'camille.martin-duval@mairie-lyon.example.fr';
const problem = (password: string): PasswordProblem | undefined => passwordProblem(password, EMAIL);

describe('what a password must be', () => {
  it.each([
    'quatre chevaux bleus sur la digue',
    'le chat dort sous la table',
    '馬四頭青い堤防の上で走っている朝',
    'vx7q kd2m 9hwz tr5b',
    'ÀÉÎÕÜ wxk bœuf ßøæ qz',
    'trois\tchats gris\tet un chien',
    '🐎🐄🐑🐖🐓🐕🐈🐇🦆🦉🐝🦋🐢🐍🦎',
    // One of the two words of a common password is not the password.
    'le dragon mange une pomme verte',
    'sceau de plage, pelle et râteau',
  ])('takes "%s"', (password) => {
    expect(problem(password)).toBeUndefined();
  });

  it.each<[PasswordProblem, string]>([
    ['too_short', 'quatorze carac'],
    ['too_short', ''],
    ['too_short', '🐎'.repeat(14)],
    // Fifteen code points as typed, fourteen once composed.
    ['too_short', 'chevaux bleue\u0301s'.slice(0, 15)],
    ['too_long', 'quatre chevaux bleus sur la digue '.repeat(4)],
    ['repetitive', 'aaaaaaaaaaaaaaaaaaaa'],
    ['repetitive', 'abababababababababa'],
    ['repetitive', 'abcdefghijklmnopqrst'],
    ['repetitive', 'zyxwvutsrqponmlk'],
    ['common', 'passwordpassword'],
    ['common', 'Password Password'],
    ['common', 'P@ssw0rd P@ssw0rd'],
    ['common', 'passwordpasswordpass'],
    ['common', 'motdepasse123456'],
    ['common', '2026motdepasse2026'],
    ['common', 'mot de passe 123456789'],
    ['common', 'MotDePasse!!!!!!!'],
    ['common', 'azertyuiopqsdfgh'],
    ['common', 'qwerty-qwerty-qwerty'],
    ['common', '1qaz2wsx3edc4rfv'],
    ['common', 'liberté égalité fraternité'],
    ['common', '123456789987654321'],
    ['common', 'dragondragondragon1'],
    ['contains_email', 'camille.martin-duval 77'],
    ['contains_email', 'CamilleMartinDuval2026'],
    ['contains_email', 'xx martin camille 1984'],
    ['contains_email', 'mairie lyon 1984!!!'],
    ['contains_context', 'sceau sceau 2026 abc'],
    ['contains_context', 'servicepublic2019!?'],
    ['contains_context', 'Candidature au service public'],
  ])('says %s of "%s"', (wrong, password) => {
    expect(problem(password)).toBe(wrong);
  });

  it('knows thousands of common passwords, and refuses each of them repeated or padded', () => {
    expect(commonPasswords().size).toBeGreaterThan(40_000);
    const passed: string[] = [];
    for (const word of commonPasswords()) {
      const repeated = word.repeat(Math.ceil(15 / word.length)).slice(0, 128);
      const padded = ['123456', '2026', '!!!!', '1'].map((padding) => `${word}${padding}`);
      const long = [repeated, ...padded].filter((text) => [...text].length >= 15);
      passed.push(...long.filter((text) => problem(text) === undefined));
    }
    expect(passed).toEqual([]);
  });

  it('counts code points of the composed form, and nothing else about a random text matters', () => {
    const sign = fc.constantFrom(...'bdfghjkmpqrtvwxzBDFGHJKMPQRTVWXZ26789éàç€ß漢字🐎');
    fc.assert(
      fc.property(fc.array(sign, { minLength: 1, maxLength: 140 }), (signs) => {
        const found = problem(signs.join('').normalize('NFD'));
        const isLong = signs.length > 128;
        expect(found === 'too_short').toBe(signs.length < 15);
        expect(found === 'too_long').toBe(isLong);
        // So many different signs are no pattern.
        expect(found === undefined || signs.length < 15 || isLong || new Set(signs).size <= 12).toBe(true);
      }),
    );
  });

  it('is hashed in its composed form, of which there is one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(normalisePassword(text.normalize('NFD'))).toBe(normalisePassword(text));
        expect(normalisePassword(normalisePassword(text))).toBe(normalisePassword(text));
      }),
    );
  });
});
