import pg from 'pg';

export const LOGIN_ROLES = ['sceau_app', 'sceau_auditor', 'sceau_sequencer'] as const;
export type LoginRole = (typeof LOGIN_ROLES)[number];
export type RolePasswords = Readonly<Record<LoginRole, string>>;

/** Lets the product's roles log in with these passwords. The migrations create them without login. */
export async function provisionRoles(
  ownerUrl: string,
  passwords: RolePasswords,
  roles: readonly LoginRole[] = LOGIN_ROLES,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'sceau-prepare' });
  await client.connect();
  try {
    for (const role of roles) {
      // ALTER ROLE takes no parameters; both parts are quoted by the driver.
      await client.query(
        `ALTER ROLE ${client.escapeIdentifier(role)} LOGIN PASSWORD ${client.escapeLiteral(passwords[role])}`,
      );
    }
  } finally {
    await client.end();
  }
}

/** The address of the same database for another role. */
export function roleUrl(ownerUrl: string, role: LoginRole, passwords: RolePasswords): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = encodeURIComponent(passwords[role]);
  return url.href;
}
