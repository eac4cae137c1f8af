import type { Envelope } from '../entry/entry.js';
import { DroppedCheck } from './dropped-check.js';
import { Report } from './report.js';

const ENTRY: Envelope = {
  id: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
  at: '2026-03-02T03:00:00.000Z',
  action: 'ledger.month_dropped',
  outcome: 'allowed',
  actor: { kind: 'system' },
  resource: { type: 'month' },
  requestId: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
  origin: { address: 'address', network: 'network' },
  count: 1,
  subjectsRoot: '',
  writer: '019ab1c2-3d4e-7f50-8a6b-0c1d2e3f4a5b',
  n: 1,
};

describe('what was dropped', () => {
  it.each<[readonly string[], string]>([
    [[], '1970-01-01T00:00:00.000Z'],
    [['2025-02'], '2025-03-02T00:00:00.000Z'],
    [['2025-11', '2025-12', '2025-10'], '2026-01-02T00:00:00.000Z'],
  ])('with %j ends before %s at the latest', (months, end) => {
    const dropped = new DroppedCheck(new Report());
    for (const [index, id] of months.entries())
      dropped.note(index, { ...ENTRY, resource: { type: 'month', id } });
    expect(dropped.wholeFrom.toISOString()).toBe(end);
  });
});
