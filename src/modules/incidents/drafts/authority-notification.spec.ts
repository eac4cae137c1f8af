import { newId } from '../../../kernel/ids.js';
import { figuresOf } from '../impact/figures.js';
import type { Incident } from '../incident.js';
import { authorityNotification } from './authority-notification.js';
import type { NotificationFacts } from './filled-notification.js';

const at = (time: string): Date => new Date(`2026-11-30T${time}:00Z`);

const INCIDENT: Incident = {
  id: newId<'incident'>(0),
  status: 'open',
  title: 'Une clé a fui',
  criteria: { client: newId<'client'>(0) },
  noticedAt: at('09:00').toISOString(),
  openedAt: at('09:00'),
  containedAt: null,
  closedAt: null,
  conclusion: null,
  orders: {},
  revision: 1,
};

/** Each with how many accesses to theirs, and the fields that these named; none where all that is held was given. */
type Given = readonly (readonly [number, readonly string[]])[];

const FIVE: Given = [1, 2, 3, 4, 5].map((entries) => [entries, ['familyName']]);

interface Wish extends Partial<Omit<NotificationFacts, 'impact'>> {
  readonly incident?: Partial<Incident>;
  readonly given?: Given;
  readonly erased?: number;
  readonly told?: number;
}

function drafts({ incident, given = FIVE, erased = 0, told = 0, ...facts }: Wish = {}) {
  const span = { first: at('08:05'), last: at('23:26') };
  const exposed = given.map(([entries, fields]) => ({ entries, ...span, fields, named: fields }));
  const impact = {
    ...figuresOf(exposed),
    incident: { ...INCIDENT, ...incident },
    entries: 6,
    erased,
    told,
    waiting: 0,
    unreached: 0,
    canaries: 0,
    awaited: 0,
    checkpoint: null,
    keptFrom: null,
  };
  const all = {
    impact,
    measures: { steps: {}, isCutOff: false, areKeysRenewed: false },
    agencies: [],
    letters: undefined,
    contact: 'dpo@example.fr',
    now: at('10:00'),
    ...facts,
  };
  const plain = (text: string): string => text.replaceAll(/[\u00A0\u202F]/g, ' ').replaceAll('’', "'");
  return { fr: plain(authorityNotification(all, 'fr')), en: authorityNotification(all, 'en') };
}

describe('the draft of the notification to the authority', () => {
  it('counts a record for each person and access, and the accesses beside them', () => {
    const { fr, en } = drafts();
    expect(fr).toContain("- Nombre d'enregistrements (un par personne et par accès) : 15\n");
    expect(fr).toContain("- Nombre d'accès constatés : 6\n");
    expect(en).toContain('- Records (one for each person and access): 15\n- Accesses found: 6\n');
  });

  it('claims of fields that they were released and opened, and not that they were filled in', () => {
    const { fr, en } = drafts();
    expect(fr).toContain('ont été ouvertes, que chaque personne les ait remplies ou non.');
    expect(en).toContain('were opened, whether or not each person had filled them in.');
    expect(fr + en).not.toMatch(/exact/i);
  });

  it('names moments as the clocks of Paris have them', () => {
    const { fr, en } = drafts();
    expect(fr).toContain('Dernier accès constaté : le 1er décembre 2026 à 0 h 26\n');
    expect(en).toContain('Last access found: on 1 December 2026 at 00:26, Paris time\n');
    expect(fr + en).not.toMatch(/\d{4}-\d\d-\d\d|\dZ/);
  });

  it('gives no end while it is open, unless the criteria name one that is over', () => {
    const endOf = (wish: Wish): readonly string[] => {
      const { fr, en } = drafts(wish);
      return [/^- Fin : (.*)$/m.exec(fr)?.[1] ?? '', /^- Ended: (.*)$/m.exec(en)?.[1] ?? ''];
    };
    const ongoing = [expect.stringMatching(/^\[en cours/), expect.stringMatching(/^\[ongoing/)];
    expect(endOf({})).toEqual(ongoing);
    expect(endOf({ incident: { criteria: { to: at('12:00').toISOString() } } })).toEqual(ongoing);
    expect(endOf({ incident: { criteria: { to: at('09:30').toISOString() } } })).toEqual([
      'le 30 novembre 2026 à 10 h 30 (fin de la période retenue)',
      'on 30 November 2026 at 10:30, Paris time (end of the span of time that is looked at)',
    ]);
    expect(endOf({ incident: { status: 'closed', closedAt: at('23:30') } })).toEqual([
      'le 1er décembre 2026 à 0 h 26 (dernier accès constaté ; incident clos le 1er décembre 2026 à 0 h 30)',
      'on 1 December 2026 at 00:26, Paris time (last access found; incident closed on 1 December 2026 at 00:30, Paris time)',
    ]);
  });

  it('asks for the date of the first notification once the 72 hours are over, of which it does not know', () => {
    const late = drafts({ now: new Date('2026-12-03T09:00:01Z') });
    expect(late.fr).toContain('date de la notification initiale [à compléter]');
    expect(late.fr).toContain('motifs du retard');
    expect(late.en).toContain('date of the initial one [to be filled in]');
    const inTime = drafts({ now: new Date('2026-12-03T09:00:00Z') });
    expect(inTime.fr + inTime.en).not.toMatch(/retard|delay|initiale \[/);
  });

  it('names kinds of data in words, each once for a person, whether a section was given or a part of it', () => {
    const { fr, en } = drafts({
      given: [
        [1, ['familyName', 'identity']],
        [1, ['familyName']],
        [1, ['document']],
        [1, ['documents']],
      ],
    });
    const identity = { fr: /- État civil\n((?: {2}- .*\n)*)/, en: /- Civil status\n((?: {2}- .*\n)*)/ };
    expect(identity.fr.exec(fr)?.[1]?.split('\n')).toHaveLength(7);
    expect(fr).toContain('  - Nom : 2 personne(s)\n');
    expect(en).toContain('  - Date of birth: 1 people\n');
    expect(en).toContain('  - Contents of documents: 1 people\n');
    expect(fr).toContain('  - Liste des documents, avec le nom des fichiers : 1 personne(s)\n');
    expect(fr + en).not.toMatch(/familyName|`/);
  });

  it('lists every category where all that is held was given', () => {
    const { fr, en } = drafts({
      given: [
        [1, []],
        [1, ['email']],
      ],
    });
    expect(
      fr.match(/^- (?:État civil|Coordonnées|Autres données|Santé|Réponses pour l'égalité)/gm),
    ).toHaveLength(6);
    expect(fr).toContain('- Ensemble des données conservées : 1 personne(s)');
    expect(en).toContain('  - E-mail address: 2 people\n');
    expect(en).toContain('Health (accommodation needs): sensitive, GDPR article 9\n  - Accommodation needs');
  });

  it.each([
    [['accommodations'], 'oui', 'yes'],
    [['motivation'], '[pas par nature, mais', '[not by its nature, but'],
    [['document'], '[pas par nature, mais', '[not by its nature, but'],
    [['unheard_of'], '[pas par nature, mais', '[not by its nature, but'],
    [['email'], 'non\n', 'no\n'],
  ])('says whether sensitive data is among it, or may be: %j', (fields, french, english) => {
    const { fr, en } = drafts({ given: [[1, fields]] });
    expect(fr).toContain(`- Données sensibles : ${french}`);
    expect(en).toContain(`- Sensitive data: ${english}`);
  });

  it('keeps those counted as told who are erased since', () => {
    const { fr, en } = drafts({ erased: 2, told: 3, incident: { erasedTold: { people: 1, canaries: 4 } } });
    expect(fr).toContain(
      'par courriel : 4, dont 1 effacée(s) depuis ; personnes concernées encore inscrites : 3\n',
    );
    expect(en).toContain(
      'by e-mail: 4, of whom 1 erased since; people concerned who are still registered: 3\n',
    );
  });

  it('names the first letter and the last, the agencies in question, and what it came to', () => {
    const { fr, en } = drafts({
      letters: { first: at('11:00'), last: at('23:26') },
      agencies: [
        { name: 'Archives nationales', clients: ['a', 'b'] },
        { name: 'Musée', clients: [] },
      ],
      incident: { title: 'Une\n## fuite', conclusion: 'Clé remplacée.\n\n- 0 personne' },
    });
    expect(fr).toContain(
      '- Premier courriel rédigé le 30 novembre 2026 à 12 h 00, dernier le 1er décembre 2026 à 0 h 26\n',
    );
    expect(en).toContain('- First letter written on 30 November 2026 at 12:00, Paris time, last on 1 ');
    expect(fr).toContain(' en cause : Archives nationales (logiciel(s) client(s) a, b) ; Musée\n');
    expect(en).toContain(' in question: Archives nationales (client a, b); Musée\n');
    expect(fr).toContain("- Conclusion de l'incident : Clé remplacée. - 0 personne\n");
    expect(en).toContain('- Conclusion of the incident: Clé remplacée. - 0 personne\n');
    expect(fr).toContain('« Une ## fuite »\n');
  });

  it('says of a measure when it was first ordered and done, when again, and that something is left', () => {
    const first = { firstOrderedAt: at('08:00').toISOString(), firstDoneAt: at('08:10').toISOString() };
    const again = { orderedAt: at('09:00').toISOString(), times: 2 };
    const { fr, en } = drafts({
      measures: {
        steps: {
          clients: { ...first, ...again, doneAt: at('09:10').toISOString() },
          budgets: { ...first, ...again, doneAt: null },
          sessions: { ...first, ...again, times: 1, doneAt: first.firstDoneAt },
        },
        isCutOff: true,
        areKeysRenewed: false,
      },
    });
    const [ordered, done] = ['le 30 novembre 2026 à 9 h 00', 'le 30 novembre 2026 à 9 h 10'];
    const begun = `ordre donné ${ordered} ; exécution ${done}`;
    expect(fr).toContain(`- Suspension des clients : ${begun} ; reprise le 30 novembre 2026 à 10 h 10\n`);
    expect(fr).toContain(`- Réduction des quotas de communication : ${begun} ; à achever\n`);
    expect(fr).toContain(`- Fin des sessions : ${begun}\n`);
    expect(fr).toContain('- Renouvellement des clés des personnes concernées : aucun ordre\n');
    expect(en).toMatch(
      /Clients suspended: ordered on .*09:00, .*; done on .*09:10, .*; done again on .*10:10/,
    );
  });
});
