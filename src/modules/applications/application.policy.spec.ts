import type { Question } from '../vacancies/index.js';
import type { AttachedDocument, DocumentKind } from '../documents/index.js';
import { newId } from '../../kernel/ids.js';
import { applicationGaps } from './application.policy.js';

const QUESTION: Question = { id: 'permis', label: 'Permis ?', kind: 'text', required: true, choices: [] };

const MOTIVATION = 'Servir le public.';
const namesOf = (gaps: ReturnType<typeof applicationGaps>): string[] =>
  gaps.map(({ pointer, code }) => `${pointer} ${code}`);
const attached = (kind: DocumentKind, isQuarantined = false): AttachedDocument => ({
  id: newId<'document'>(1),
  kind,
  isQuarantined,
});

describe('what an application lacks', () => {
  const gapsWith = (question: Question, value: string | boolean) =>
    namesOf(
      applicationGaps(
        { questions: [question], requiredDocuments: [] },
        { motivation: MOTIVATION, answers: [{ questionId: 'permis', value }], documents: [] },
      ),
    );

  it.each(['', ' ', '\t\n', '\u00A0\u202F'])('is an answer that says nothing: %j', (value) => {
    expect(gapsWith(QUESTION, value)).toEqual(['/answers/permis required']);
  });

  it('is no answer to a question that may be left out', () => {
    expect(gapsWith({ ...QUESTION, required: false }, ' ')).toEqual([]);
  });

  it.each([true, false])('is not a %s', (value) => {
    expect(gapsWith({ ...QUESTION, kind: 'yes_no' }, value)).toEqual([]);
  });

  it.each([null, '', ' \n'])('is a motivation that says nothing: %j', (motivation) => {
    const nothing = { questions: [], requiredDocuments: [] };
    expect(namesOf(applicationGaps(nothing, { motivation, answers: null, documents: [] }))).toEqual([
      '/motivation required',
    ]);
  });

  it.each<[string, readonly AttachedDocument[], readonly string[]]>([
    ['nothing', [], ['/documents/cv required', '/documents/diploma required']],
    ['one of them', [attached('diploma'), attached('other')], ['/documents/cv required']],
    ['both, and one twice', [attached('cv'), attached('diploma'), attached('cv')], []],
    ['one with malware', [attached('cv'), attached('diploma', true)], ['/documents/1 quarantined']],
  ])('is named for two required documents of which there is %s', (_, documents, expected) => {
    const vacancy = { questions: [], requiredDocuments: ['cv', 'diploma'] as const };
    const written = { motivation: MOTIVATION, answers: null, documents };
    expect(namesOf(applicationGaps(vacancy, written))).toEqual(expected);
  });
});
