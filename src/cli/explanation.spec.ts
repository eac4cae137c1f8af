import { explain } from './explanation.js';

const fault = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('what a command says when it fails', () => {
  it('blames no role by name for a right that any of them may lack', () => {
    expect(explain(fault('42501', 'permission denied for view leaves'))).toBe(
      'sceau: a role of the database lacks a right: permission denied for view leaves. ' +
        'Run sceau prepare with the DATABASE_URL of one that owns the database and may create roles.',
    );
  });

  it.each([
    ['ECONNREFUSED', 'sceau: the database cannot be reached (ECONNREFUSED). Check DATABASE_URL.'],
    ['28P01', 'sceau: the database does not let us in (28P01). Check DATABASE_URL.'],
    ['EEXIST', 'sceau: file already exists'],
  ])('says it in one sentence: %s', (code, sentence) => {
    expect(explain(fault(code, 'file already exists'))).toBe(sentence);
  });
});
