import type { Opened, Released } from './dossier.js';
import type { Granted } from './release-decision.js';
import type { ReleasableField } from './release-policy.js';

type Values = Partial<Record<ReleasableField, unknown>>;

/** Keeps of what was opened the granted fields only: a sealed object may hold more than the policy releases. */
export function released({ fields, content }: Granted, opened: Opened): Released {
  const values: Values = {};
  const unreadable: ReleasableField[] = [];
  const granted = new Set(fields);
  for (const part of content) {
    const holds = (typeof part.holds === 'string' ? [part.holds] : part.holds).filter((field) =>
      granted.has(field),
    );
    if (opened.isUnreadable(part.sealed)) {
      unreadable.push(...holds);
      continue;
    }
    const value = opened.value<unknown>(part.sealed);
    const members = new Map<string, unknown>(
      typeof part.holds === 'string' ? [[part.holds, value]] : Object.entries(value ?? {}),
    );
    for (const field of holds) {
      if (members.has(field)) values[field] = members.get(field);
    }
  }
  return { outcome: 'released', values, unreadable };
}
