const MAINLAND = Array.from({ length: 95 }, (_, at) => String(at + 1).padStart(2, '0')).filter(
  (code) => code !== '20',
);
const PARIS = 'Europe/Paris';
/** Departments and collectivities overseas, with their time zones. */
const OVERSEAS: Readonly<Record<string, string>> = {
  '971': 'America/Guadeloupe',
  '972': 'America/Martinique',
  '973': 'America/Cayenne',
  '974': 'Indian/Reunion',
  '975': 'America/Miquelon',
  '976': 'Indian/Mayotte',
  '977': 'America/St_Barthelemy',
  '978': 'America/Marigot',
  '986': 'Pacific/Wallis',
  '987': 'Pacific/Tahiti',
  '988': 'Pacific/Noumea',
};

/** Codes (INSEE) of the French departments, and of the collectivities overseas where people live. */
export const DEPARTMENTS: readonly string[] = [...MAINLAND, '2A', '2B', ...Object.keys(OVERSEAS)];

/** By which a deadline can be told (IANA). Some islands have time zones of their own. */
export const TIME_ZONES: readonly string[] = [
  PARIS,
  ...Object.values(OVERSEAS),
  'Pacific/Marquesas',
  'Pacific/Gambier',
  'Indian/Kerguelen',
];

export const timeZoneOf = (department: string): string => OVERSEAS[department] ?? PARIS;
