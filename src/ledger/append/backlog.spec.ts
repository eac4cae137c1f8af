import type { RequestContext } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { EntryDraft } from '../entry/entry.js';
import { keepsUp, mayRecord } from './backlog.js';

const context = (actor: RequestContext['actor']): RequestContext => ({
  requestId: newId<'request'>(1),
  actor,
  locale: 'fr',
  address: '192.0.2.1',
});

const subject = { candidate: newId<'candidate'>(1), fields: ['motivation'] };
const one: EntryDraft = {
  action: 'application.disclosed',
  context: context({ kind: 'anonymous' }),
  subjects: [subject],
};
const many: EntryDraft = { ...one, subjects: [subject, subject] };
const counted: EntryDraft = { ...one, subjects: [], count: 2 };
const alarm: EntryDraft = {
  action: 'ledger.writer_gap',
  context: context({ kind: 'system', name: 'sequencer' }),
  count: 7,
};

describe('a growing backlog', () => {
  it.each([
    { backlogSeconds: 0, refusal: null, ready: true, single: true, bulk: true },
    { backlogSeconds: 30, refusal: null, ready: true, single: true, bulk: true },
    { backlogSeconds: 30.1, refusal: null, ready: false, single: true, bulk: false },
    { backlogSeconds: 300, refusal: null, ready: false, single: true, bulk: false },
    { backlogSeconds: 300.1, refusal: null, ready: false, single: false, bulk: false },
    { backlogSeconds: 0, refusal: 'database_behind', ready: false, single: true, bulk: false },
  ])('of $backlogSeconds s, refusal $refusal', ({ ready, single, bulk, ...condition }) => {
    expect(keepsUp(condition)).toBe(ready);
    expect(mayRecord(one, condition)).toBe(single);
    expect(mayRecord(many, condition)).toBe(bulk);
    expect(mayRecord(counted, condition)).toBe(bulk);
    expect(mayRecord(alarm, condition)).toBe(true);
  });
});
