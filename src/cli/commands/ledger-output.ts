import type { LedgerStatus, Verified } from '../../ledger/index.js';

const SHOWN = 20;

/** What a verification has come to, the worst last. */
export function conclusion({ report, size, origin }: Verified): readonly string[] {
  const { findings, firstBad } = report;
  const bad = findings.slice(0, SHOWN).map(({ first, last, text }) => `BAD  ${place(first, last)}: ${text}`);
  const more = report.count > bad.length ? [`BAD  and ${report.count - bad.length} more`] : [];
  const last =
    firstBad === undefined
      ? `Verified: ${size} entries, ${origin}.`
      : `TAMPERED: the first bad entry is ${firstBad.first === firstBad.last ? firstBad.first : `between ${firstBad.first} and ${firstBad.last}`}.`;
  return [...report.notices.map((text) => `note ${text}`), ...bad, ...more, last];
}

const place = (first: number, last: number): string =>
  first === last ? `entry ${first}` : `entries ${first}-${last}`;

export function statusLines({ checkpoint, state, backlogSeconds, refusal }: LedgerStatus): readonly string[] {
  return [
    checkpoint === undefined
      ? 'Checkpoint   none yet'
      : `Checkpoint   ${checkpoint.size} entries, signed ${checkpoint.at.toISOString()}`,
    state === undefined
      ? 'State file   not on this machine'
      : `State file   ${state.size} entries, epoch ${state.epoch}`,
    `Backlog      ${Math.round(backlogSeconds)} s`,
    refusal === null ? 'Signing      yes' : `Signing      REFUSED: ${refusal}`,
  ];
}
