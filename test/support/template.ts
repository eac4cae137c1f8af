/** The migrated, empty database that every test's own is copied from. */
export const TEMPLATE = 'sceau_template';

/** Known, because every test file connects to the same roles of the same throw-away cluster. */
export const PASSWORDS = {
  sceau_app: 'test-app-password',
  sceau_auditor: 'test-auditor-password',
  sceau_sequencer: 'test-sequencer-password',
} as const;
