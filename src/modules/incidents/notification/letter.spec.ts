import { newId } from '../../../kernel/ids.js';
import { letterOf } from './letter.js';

const FACTS = {
  incident: newId<'incident'>(0),
  isFurther: false,
  isLowerBound: false,
  first: new Date('2026-11-30T08:05:00Z'),
  last: new Date('2026-11-30T23:26:00Z'),
  isCutOff: false,
  areKeysRenewed: false,
  contact: 'x',
};

describe('the letter to whoever an incident affects', () => {
  it('tells the list of documents from what is in them, of which it does not know how many there were', () => {
    expect(letterOf({ ...FACTS, fields: ['document', 'documents', 'email'] }).what).toEqual({
      en: 'your e-mail address, the contents of at least one of your documents and the list of your documents with their file names',
      fr: 'le contenu d’au moins un de vos documents, la liste de vos documents avec le nom des fichiers et votre adresse électronique',
    });
  });

  it('names the days as the clocks of Paris have them', () => {
    const { when } = letterOf({ ...FACTS, fields: [] });
    expect(when.en).toBe(
      'between 30 November 2026 at 09:05, Paris time and 1 December 2026 at 00:26, Paris time',
    );
    expect(when.fr.replaceAll('\u00A0', ' ')).toBe(
      'entre le 30 novembre 2026 à 9 h 05 et le 1er décembre 2026 à 0 h 26',
    );
  });
});
