import { localeOf } from './request.hooks.js';

describe('localeOf', () => {
  it.each([
    [undefined, 'fr'],
    ['', 'fr'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['EN-us;q=0.5', 'en'],
    ['fr-FR, en;q=0.9', 'fr'],
    ['de, en;q=0.3, fr;q=0.2', 'en'],
    ['en;q=0', 'fr'],
    ['fr;q=0', 'en'],
    ['fr;q=0.8, en;q=0.9', 'en'],
    ['fr, en', 'fr'],
    ['en, fr', 'en'],
    ['*;q=0.5, en;q=0.1', 'fr'],
    ['de-AT', 'fr'],
    ['de, *;q=0', 'fr'],
    ['fr-CA;q=0.2, en-US;q=0.2', 'fr'],
    ['en;q=many', 'fr'],
    ['*', 'fr'],
    [`${'x,'.repeat(10_000)}en`, 'fr'],
  ])('reads %p as %s', (header, locale) => {
    expect(localeOf(header)).toBe(locale);
  });
});
