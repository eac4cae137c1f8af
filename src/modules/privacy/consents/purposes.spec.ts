import { createHash } from 'node:crypto';
import { CONSENT_PURPOSES, currentWording, PURPOSES, wordingOf } from './purposes.js';

/** Whoever changes a wording that people have agreed to has not got their agreement: add another version instead. */
const PUBLISHED: Readonly<Record<string, string>> = {
  'similar_vacancies 1': 'aae525d7af3cadb2',
  'talent_pool 1': '18c32aff2123d0da',
};

describe('what candidates may agree to', () => {
  it.each(CONSENT_PURPOSES)(
    '%s stands in versions that rise from one, the last of which is asked now',
    (purpose) => {
      const versions = PURPOSES[purpose].map(({ version }) => version);
      expect(versions).toEqual(versions.map((_, at) => at + 1));
      expect(currentWording(purpose)).toBe(PURPOSES[purpose].at(-1));
      expect(wordingOf(purpose, 1)).toBe(PURPOSES[purpose][0]);
      expect(wordingOf(purpose, 99)).toBeUndefined();
    },
  );

  it('keeps every wording as it was put to people', () => {
    const digests = CONSENT_PURPOSES.flatMap((purpose) =>
      PURPOSES[purpose].map(({ version, text }) => [
        `${purpose} ${version}`,
        createHash('sha256').update(`${text.fr}\n${text.en}`).digest('hex').slice(0, 16),
      ]),
    );
    expect(Object.fromEntries(digests)).toEqual(PUBLISHED);
  });
});
