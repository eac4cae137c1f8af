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
    ['en;q=7, fr;q=0.1', 'fr'],
    ['en;q=many', 'fr'],
    ['*', 'fr'],
    [`${'x,'.repeat(10_000)}en`, 'fr'],
  ])('reads %p as %s', (header, locale) => {
    expect(localeOf(header)).toBe(locale);
  });
});
