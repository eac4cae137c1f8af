import type { Question } from '../vacancies/index.js';
import { submissionGaps } from './application.policy.js';

const QUESTION: Question = { id: 'permis', label: 'Permis ?', kind: 'text', required: true, choices: [] };

describe('what an application lacks', () => {
  const gapsWith = (question: Question, value: string | boolean) =>
    submissionGaps([question], 'Servir le public.', [{ questionId: 'permis', value }]).map(
      ({ pointer, code }) => `${pointer} ${code}`,
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
    expect(submissionGaps([], motivation, [])).toMatchObject([{ pointer: '/motivation', code: 'required' }]);
  });
});
