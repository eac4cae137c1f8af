import { countsOf, type PostingGroup } from './posting-counts.js';

const group = (department: string, category: string, contract: string, count: number): PostingGroup => ({
  department,
  category,
  contract,
  remote: 'none',
  count,
});

const GROUPS = [
  group('29', 'A', 'fixed_term', 3),
  group('29', 'B', 'fixed_term', 2),
  group('35', 'A', 'fixed_term', 4),
  group('35', 'A', 'internship', 1),
  group('22', 'C', 'internship', 5),
];

describe('counts of vacancies', () => {
  it('are those of all, most first and alike by their names, when nothing is asked for', () => {
    expect(countsOf(GROUPS, {})).toEqual({
      total: 15,
      department: [
        { value: '22', count: 5 },
        { value: '29', count: 5 },
        { value: '35', count: 5 },
      ],
      category: [
        { value: 'A', count: 8 },
        { value: 'C', count: 5 },
        { value: 'B', count: 2 },
      ],
      contract: [
        { value: 'fixed_term', count: 9 },
        { value: 'internship', count: 6 },
      ],
      remote: [{ value: 'none', count: 15 }],
    });
  });

  it('say of each filter what its other choices would find while the others stay', () => {
    expect(countsOf(GROUPS, { department: '35', category: 'A' })).toEqual({
      total: 5,
      department: [
        { value: '35', count: 5 },
        { value: '29', count: 3 },
      ],
      category: [{ value: 'A', count: 5 }],
      contract: [
        { value: 'fixed_term', count: 4 },
        { value: 'internship', count: 1 },
      ],
      remote: [{ value: 'none', count: 5 }],
    });
  });

  it('are none where nothing is found', () => {
    expect(countsOf([], { category: 'B' })).toEqual({
      total: 0,
      department: [],
      category: [],
      contract: [],
      remote: [],
    });
  });
});
