import { CHANGE_RULES, changeProblems } from './change-rules.js';
import type { VacancyContent } from './vacancy.js';

const BEFORE: VacancyContent = {
  title: 'Archiviste',
  description: 'Vous classez les fonds.',
  department: '29',
  category: 'A',
  contract: 'fixed_term',
  remote: 'none',
  deadline: new Date('2027-01-31T22:59:59Z'),
  timeZone: 'Europe/Paris',
  openings: 2,
  questions: [
    { id: 'permis-b', label: 'Permis B ?', kind: 'yes_no', required: true, choices: [] },
    { id: 'rythme', label: 'Quel rythme ?', kind: 'choice', required: false, choices: ['Jour', 'Nuit'] },
  ],
  requiredDocuments: ['cv', 'diploma'],
  anonymousReview: false,
};
const [first, second] = BEFORE.questions;
if (first === undefined || second === undefined) throw new Error('There are two.');

type Verdict = 'allowed' | 'shortened' | 'frozen';
interface Row {
  readonly change: string;
  readonly to: Partial<VacancyContent>;
  /** Of a vacancy that candidates can have read, and of one that somebody has applied for. */
  readonly verdicts: readonly [Verdict, Verdict];
}

/** Written out apart from the product's own table. */
const ROWS: readonly Row[] = [
  { change: 'nothing', to: {}, verdicts: ['allowed', 'allowed'] },
  { change: 'the title', to: { title: 'Archiviste (F/H)' }, verdicts: ['allowed', 'allowed'] },
  { change: 'the description', to: { description: 'Vous décrivez.' }, verdicts: ['allowed', 'allowed'] },
  { change: 'the place', to: { department: '974' }, verdicts: ['allowed', 'frozen'] },
  { change: 'the category', to: { category: 'B' }, verdicts: ['allowed', 'frozen'] },
  { change: 'the contract', to: { contract: 'open_ended' }, verdicts: ['allowed', 'frozen'] },
  { change: 'remote work', to: { remote: 'full' }, verdicts: ['allowed', 'frozen'] },
  {
    change: 'a later deadline',
    to: { deadline: new Date('2027-01-31T22:59:59.001Z') },
    verdicts: ['allowed', 'allowed'],
  },
  {
    change: 'an earlier deadline',
    to: { deadline: new Date('2027-01-31T22:59:58.999Z') },
    verdicts: ['shortened', 'shortened'],
  },
  { change: 'the clocks', to: { timeZone: 'Pacific/Noumea' }, verdicts: ['frozen', 'frozen'] },
  { change: 'more posts', to: { openings: 3 }, verdicts: ['allowed', 'allowed'] },
  { change: 'fewer posts', to: { openings: 1 }, verdicts: ['allowed', 'allowed'] },
  {
    change: 'the same questions, their members in another order',
    to: {
      questions: BEFORE.questions.map(({ choices, required, kind, label, id }) => ({
        choices,
        required,
        kind,
        label,
        id,
      })),
    },
    verdicts: ['allowed', 'allowed'],
  },
  { change: 'no questions', to: { questions: [] }, verdicts: ['allowed', 'frozen'] },
  { change: 'one question fewer', to: { questions: [first] }, verdicts: ['allowed', 'frozen'] },
  {
    change: 'another order of questions',
    to: { questions: [second, first] },
    verdicts: ['allowed', 'frozen'],
  },
  {
    change: 'another wording',
    to: { questions: [{ ...first, label: 'Permis C ?' }, second] },
    verdicts: ['allowed', 'frozen'],
  },
  {
    change: 'a question that may be left out',
    to: { questions: [{ ...first, required: false }, second] },
    verdicts: ['allowed', 'frozen'],
  },
  {
    change: 'another order of choices',
    to: { questions: [first, { ...second, choices: ['Nuit', 'Jour'] }] },
    verdicts: ['allowed', 'frozen'],
  },
  {
    change: 'the same documents in another order',
    to: { requiredDocuments: ['diploma', 'cv'] },
    verdicts: ['allowed', 'allowed'],
  },
  { change: 'fewer documents', to: { requiredDocuments: ['cv'] }, verdicts: ['allowed', 'allowed'] },
  {
    change: 'one document more',
    to: { requiredDocuments: ['cv', 'diploma', 'portfolio'] },
    verdicts: ['allowed', 'frozen'],
  },
  {
    change: 'as many documents, one of them another',
    to: { requiredDocuments: ['cv', 'portfolio'] },
    verdicts: ['allowed', 'frozen'],
  },
  { change: 'anonymous review', to: { anonymousReview: true }, verdicts: ['frozen', 'frozen'] },
];

const verdictOf = (
  status: 'draft' | 'published' | 'closed',
  to: Partial<VacancyContent>,
  hasSubmissions: boolean,
): string => {
  const problems = changeProblems({ ...BEFORE, status }, { ...BEFORE, ...to }, hasSubmissions);
  return problems.map(({ pointer, code }) => `${pointer} ${code}`).join() || 'allowed';
};
const expected = ({ to }: Row, verdict: Verdict): string =>
  verdict === 'allowed' ? verdict : `/${Object.keys(to).join()} ${verdict}`;

describe('what an agency may still change of a vacancy', () => {
  it('is decided for each of its members', () => {
    const changed = new Set(ROWS.flatMap(({ to }) => Object.keys(to)));
    expect([...changed].toSorted()).toEqual(Object.keys(CHANGE_RULES).toSorted());
    expect(Object.keys(CHANGE_RULES).toSorted()).toEqual(Object.keys(BEFORE).toSorted());
  });

  it.each(ROWS)('of a draft: $change', ({ to }) => {
    expect(verdictOf('draft', to, false)).toBe('allowed');
  });

  it.each(ROWS)('of one that candidates have read: $change', (row) => {
    for (const status of ['published', 'closed'] as const)
      expect(verdictOf(status, row.to, false)).toBe(expected(row, row.verdicts[0]));
  });

  it.each(ROWS)('of one that somebody has applied for: $change', (row) => {
    for (const status of ['published', 'closed'] as const)
      expect(verdictOf(status, row.to, true)).toBe(expected(row, row.verdicts[1]));
  });

  it('is refused for every member that must stay, all at once and in both languages', () => {
    const problems = changeProblems(
      { ...BEFORE, status: 'published' },
      { ...BEFORE, deadline: new Date(0), questions: [], anonymousReview: true },
      true,
    );
    expect(problems.map(({ pointer }) => pointer)).toEqual(['/deadline', '/questions', '/anonymousReview']);
    for (const { detail } of problems)
      expect(detail).toEqual({ en: expect.any(String), fr: expect.any(String) });
  });

  it('keeps an anonymous review anonymous', () => {
    const anonymous = { ...BEFORE, anonymousReview: true };
    const named = changeProblems({ ...anonymous, status: 'published' }, BEFORE, false);
    expect(named).toMatchObject([{ pointer: '/anonymousReview', code: 'frozen' }]);
  });
});
