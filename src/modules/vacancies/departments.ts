const MAINLAND = Array.from({ length: 95 }, (_, at) => String(at + 1).padStart(2, '0')).filter(
  (code) => code !== '20',
);
const OVERSEAS = ['971', '972', '973', '974', '976'];
const COLLECTIVITIES = ['975', '977', '978', '986', '987', '988'];

/** Codes (INSEE) of the French departments, and of the collectivities overseas where people live. */
export const DEPARTMENTS: readonly string[] = [...MAINLAND, '2A', '2B', ...OVERSEAS, ...COLLECTIVITIES];
