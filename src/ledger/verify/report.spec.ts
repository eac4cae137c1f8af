import { Report } from './report.js';

describe('a report', () => {
  it('names what is first, as closely as it is known, however much was found before', () => {
    const report = new Report();
    for (let index = 50; index < 2_000; index += 1) report.bad(index, 'changed');
    expect(report.firstBad).toMatchObject({ first: 50, last: 50 });
    report.among(0, 41, 'fork');
    expect(report.firstBad).toMatchObject({ first: 0, last: 40 });
    report.bad(40, 'missing');
    report.among(30, 41, 'fork');
    expect(report.firstBad).toMatchObject({ first: 40, last: 40 });
    expect([report.count, report.findings.length]).toEqual([1_953, 1_000]);
  });
});
