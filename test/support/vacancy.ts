/** A vacancy as an agency posts it, with nothing that is not needed. */
export const PLAIN_VACANCY = {
  title: 'Archiviste',
  description: 'Des fonds à classer.',
  department: '29',
  category: 'A',
  contract: 'open_ended',
  remote: 'none',
  deadline: '2099-01-01T00:00:00Z',
  openings: 1,
} as const;
