import { changed, drafted, endOfDay } from './deadline.js';
import { DEPARTMENTS, TIME_ZONES, timeZoneOf } from './departments.js';

const WISH = {
  title: 'Archiviste',
  description: 'Vous classez les fonds.',
  department: '29',
  category: 'A',
  contract: 'fixed_term',
  remote: 'none',
  deadline: '2027-01-31',
  openings: 1,
  questions: [],
  requiredDocuments: [],
  anonymousReview: false,
} as const;

describe('the end of a day', () => {
  it.each([
    ['Europe/Paris', '2027-01-31', '2027-01-31T22:59:59.999Z'],
    ['Europe/Paris', '2027-07-31', '2027-07-31T21:59:59.999Z'],
    // The days on which clocks are changed.
    ['Europe/Paris', '2027-03-27', '2027-03-27T22:59:59.999Z'],
    ['Europe/Paris', '2027-03-28', '2027-03-28T21:59:59.999Z'],
    ['Europe/Paris', '2027-10-30', '2027-10-30T21:59:59.999Z'],
    ['Europe/Paris', '2027-10-31', '2027-10-31T22:59:59.999Z'],
    ['America/Miquelon', '2027-03-13', '2027-03-14T02:59:59.999Z'],
    ['America/Miquelon', '2027-03-14', '2027-03-15T01:59:59.999Z'],
    ['America/Guadeloupe', '2027-01-31', '2027-02-01T03:59:59.999Z'],
    ['Indian/Reunion', '2027-01-31', '2027-01-31T19:59:59.999Z'],
    ['Pacific/Tahiti', '2027-01-31', '2027-02-01T09:59:59.999Z'],
    ['Pacific/Noumea', '2027-01-31', '2027-01-31T12:59:59.999Z'],
    ['Pacific/Marquesas', '2027-01-31', '2027-02-01T09:29:59.999Z'],
  ])('in %s, %s, is %s', (timeZone, day, moment) => {
    expect(endOfDay(day, timeZone).toISOString()).toBe(moment);
  });
});

describe('time zones', () => {
  it('are known by Intl, and there is one for each department', () => {
    for (const timeZone of TIME_ZONES) expect(() => endOfDay('2027-01-31', timeZone)).not.toThrow();
    expect(new Set(TIME_ZONES).size).toBe(TIME_ZONES.length);
    for (const department of DEPARTMENTS) expect(TIME_ZONES).toContain(timeZoneOf(department));
    expect(DEPARTMENTS.filter((code) => timeZoneOf(code) !== 'Europe/Paris')).toHaveLength(11);
  });
});

describe('a deadline', () => {
  it('is told by the clocks of the department, unless others are wanted', () => {
    const there = drafted({ ...WISH, department: '974' });
    expect(there).toMatchObject({
      timeZone: 'Indian/Reunion',
      deadline: new Date('2027-01-31T19:59:59.999Z'),
    });
    const here = drafted({ ...WISH, department: '974', timeZone: 'Europe/Paris' });
    expect(here).toMatchObject({ timeZone: 'Europe/Paris', deadline: new Date('2027-01-31T22:59:59.999Z') });
  });

  it('is the moment itself when it is one', () => {
    const deadline = new Date('2027-01-31T11:00:00Z');
    expect(drafted({ ...WISH, department: '988', deadline })).toMatchObject({ deadline });
  });

  it('is changed by the clocks that were agreed on, wherever the post goes', () => {
    const before = drafted({ ...WISH, department: '974' });
    expect(changed(before, { department: '75', deadline: '2027-02-28' })).toMatchObject({
      timeZone: 'Indian/Reunion',
      deadline: new Date('2027-02-28T19:59:59.999Z'),
    });
    expect(changed(before, { timeZone: 'Europe/Paris', deadline: '2027-02-28' })).toMatchObject({
      deadline: new Date('2027-02-28T22:59:59.999Z'),
    });
    expect(changed(before, { title: 'Autre' })).toMatchObject({ deadline: before.deadline, title: 'Autre' });
  });
});
