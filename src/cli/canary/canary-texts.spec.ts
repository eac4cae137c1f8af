import { canaryTexts } from '../../../test/support/canary-texts.js';
import { readCanaryTexts } from './canary-texts.js';

const TODAY = '2026-11-30';
const read = (canaries: readonly unknown[]) => readCanaryTexts(JSON.stringify({ canaries }), TODAY);
const FIRST = canaryTexts('Pour le silence des réserves.');
const SECOND = canaryTexts('Parce que la mer est à côté.');

describe('the file with the texts of canaries', () => {
  it('gives each canary its own', async () => {
    expect(await read([FIRST, SECOND])).toEqual([FIRST, SECOND]);
  });

  it.each<[string, unknown, string, string]>([
    ['no motivation', { ...FIRST, motivation: ' \n' }, '/canaries/1/motivation', 'format'],
    [
      'a motivation longer than anybody’s',
      { ...FIRST, motivation: 'a'.repeat(20_001) },
      '/canaries/1/motivation',
      'too_long',
    ],
    [
      'the motivation of another',
      { ...FIRST, motivation: 'parce que\nla MER  est à côté.' },
      '/canaries/1/motivation',
      'repeated',
    ],
    ['one answer twice', { ...FIRST, answers: ['Oui.', 'oui.'] }, '/canaries/1/answers/1', 'repeated'],
    [
      'a work described as its school',
      { ...FIRST, education: described(FIRST.education), experience: described(FIRST.experience ?? []) },
      '/canaries/1/experience/0/description',
      'repeated',
    ],
    ['an age that nobody has', { ...FIRST, birthDate: '2020-01-01' }, '/canaries/1/birthDate', 'not_allowed'],
    [
      'a school that ends before it begins',
      { ...FIRST, education: [{ institution: 'Lycée', degree: 'Bac', from: '2012', to: '2011' }] },
      '/canaries/1/education/0/to',
      'not_allowed',
    ],
    [
      'a work at no time',
      { ...FIRST, experience: [{ employer: 'Mairie', title: 'Agent', from: '2012-13' }] },
      '/canaries/1/experience/0/from',
      'format',
    ],
    [
      'a language that there is not',
      { ...FIRST, languages: [{ language: 'q', level: 'B2' }] },
      '/canaries/1/languages/0/language',
      'too_short',
    ],
    ['no education', { ...FIRST, education: [] }, '/canaries/1/education', 'too_few'],
    ['what nobody is asked', { ...FIRST, shoeSize: 38 }, '/canaries/1/shoeSize', 'unknown'],
  ])('is refused for %s, and says where', async (_, wrong, pointer, code) => {
    const refusal = await read([SECOND, wrong]).catch((failure: unknown) => failure);
    expect(refusal).toMatchObject({ fields: [{ pointer, code }] });
  });

  it.each(['', 'Pour le silence.', '[]', 'null', '{}', '{"canaries":[]}'])(
    'is refused where it is none: %j',
    async (file) => {
      await expect(readCanaryTexts(file, TODAY)).rejects.toMatchObject({
        code: expect.stringMatching(/^(malformed|invalid)_request$/),
      });
    },
  );

  it('has no more than are ordered at once', async () => {
    const many = Array.from({ length: 21 }, (_, at) => canaryTexts(`Parce que, ${at}.`));
    expect(await read(many.slice(1))).toHaveLength(20);
    await expect(read(many)).rejects.toMatchObject({ fields: [{ pointer: '/canaries' }] });
  });
});

function described<T extends object>(entries: readonly T[]): readonly T[] {
  return entries.map((entry) => ({ ...entry, description: 'Accueil du public.' }));
}
