import type { Locale } from '../../../../kernel/context.js';
import type { Bilingual } from '../../../../kernel/errors.js';
import type { RecordFile, Withheld } from '../../../personal-data/index.js';
import { escapeHtml } from './html.js';
import { recordHtml } from './value.js';

export const PAGE_ABOUT: Bilingual = {
  en: 'All the other files on one page, to read and to print.',
  fr: 'Tous les autres fichiers sur une page, à lire et à imprimer.',
};

const TEXTS = {
  fr: {
    title: 'Mes données',
    intro:
      'Tout ce que Sceau conserve à votre sujet. Les mêmes données, lisibles par un programme, sont dans les autres fichiers de l’archive.',
    made: 'Établi le',
    nothing: 'Rien.',
    withheld: 'Conservé, mais non communiqué',
  },
  en: {
    title: 'My data',
    intro:
      'Everything that Sceau holds about you. The same data, for programs, is in the other files of the archive.',
    made: 'Made on',
    nothing: 'Nothing.',
    withheld: 'Held, but not handed out',
  },
} as const;

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}' +
  'article{border-top:1px solid #999;padding:.5rem 0;break-inside:avoid}' +
  'dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.25rem 1rem;margin:.5rem 0}' +
  'dt{color:#555}dd{margin:0;overflow-wrap:anywhere}ul{margin:0;padding-left:1.2rem}';

/** Everything as one page without scripts or anything from elsewhere, written as it is read. */
export async function* readablePage(
  locale: Locale,
  at: Date,
  files: readonly RecordFile[],
  withheld: readonly Withheld[],
): AsyncGenerator<string> {
  const texts = TEXTS[locale];
  const day = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'Europe/Paris',
  }).format(at);
  yield `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">`;
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
  yield `<title>${texts.title}</title><style>${STYLE}</style></head><body>`;
  yield `<h1>${texts.title}</h1><p>${texts.intro} ${texts.made} ${day}.</p>`;
  for (const { name, title, about, items } of files) {
    yield `<section id="${name}"><h2>${escapeHtml(title[locale])}</h2><p>${escapeHtml(about[locale])}</p>`;
    let isEmpty = true;
    for await (const item of items()) {
      isEmpty = false;
      yield `<article>${recordHtml(item, locale)}</article>`;
    }
    yield isEmpty ? `<p>${texts.nothing}</p></section>` : '</section>';
  }
  yield `<section id="withheld"><h2>${texts.withheld}</h2><dl>`;
  for (const { what, why } of withheld)
    yield `<dt>${escapeHtml(what[locale])}</dt><dd>${escapeHtml(why[locale])}</dd>`;
  yield '</dl></section></body></html>\n';
}
