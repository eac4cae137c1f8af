import { ListOf, Texts } from './fields.js';
import { RequestValidationPipe } from './validation.js';

class Words {
  @Texts({ max: 5, maxLength: 10 })
  readonly words: string[];
}

/** Of two units of UTF-16 each, and one character. */
const WAVES = '🌊'.repeat(8);

describe('a list of texts', () => {
  const refusal = (words: readonly unknown[]): Promise<unknown> =>
    new RequestValidationPipe()
      .transform({ words }, { type: 'body', metatype: Words })
      .catch((failure: unknown) => failure);

  it('takes what is within its limits, in characters', async () => {
    expect(await refusal(['mer', WAVES])).toEqual({ words: ['mer', WAVES] });
  });

  it.each([
    ['longer than it may be', [WAVES, 'marée basse'], 'too_long'],
    ['no text', [WAVES, 7], 'type'],
    ['with what nobody sees', [WAVES, 'a\u0000b'], 'format'],
  ])('names the one entry that is %s', async (_, words, code) => {
    expect(await refusal(words)).toMatchObject({ fields: [{ pointer: '/words/1', code }] });
  });
});

class Pages {
  @ListOf(() => Words, { max: 5 })
  readonly pages: Words[];
}

describe('a list of objects', () => {
  const refusal = (pages: unknown): Promise<unknown> =>
    new RequestValidationPipe()
      .transform({ pages }, { type: 'body', metatype: Pages })
      .catch((failure: unknown) => failure);

  it.each([{}, { words: ['mer'] }, { a: 1 }, 'mer', 7, null])(
    'is named once where it is none, whatever is in it: %j',
    async (pages) => {
      expect(await refusal(pages)).toMatchObject({
        code: 'invalid_request',
        fields: [{ pointer: '/pages', code: 'type' }],
      });
    },
  );

  it('has its entries looked into', async () => {
    const fields = [
      { pointer: '/pages/1/a', code: 'unknown' },
      { pointer: '/pages/1/words', code: 'required' },
    ];
    expect(await refusal([{ words: [] }, { a: 1 }])).toMatchObject({ code: 'unknown_member', fields });
  });
});
