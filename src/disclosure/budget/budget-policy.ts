import type { AgencyPurpose } from '../release-policy.js';

const HOUR_MS = 3_600_000;

/** Over how much time different candidates are counted; `month` is thirty days. */
export const WINDOWS = ['hour', 'day', 'month'] as const;
export type Window = (typeof WINDOWS)[number];

/** Each window is the running hour and those before it: it moves by whole hours. */
export const WINDOW_HOURS: Readonly<Record<Window, number>> = { hour: 1, day: 24, month: 720 };

/** How many different candidates an agency may be shown in each window. */
export type Allowance = Readonly<Record<Window, number>>;

/** What every agency may read, however few applications it holds. */
const FLOORS: Allowance = { hour: 50, day: 100, month: 300 };
/** Above the floor: this part of its open applications. */
const SHARES: Allowance = { hour: 0.1, day: 0.25, month: 1.5 };

/** What an agency may be shown that has so many applications which are not over. */
export function defaultAllowance(openApplications: number): Allowance {
  const limit = (window: Window) => Math.max(FLOORS[window], Math.ceil(openApplications * SHARES[window]));
  return { hour: limit('hour'), day: limit('day'), month: limit('month') };
}

/** Whether an agency with so many may be shown more than one that has none. */
export function raisesAllowance(openApplications: number): boolean {
  const allowance = defaultAllowance(openApplications);
  return WINDOWS.some((window) => allowance[window] > FLOORS[window]);
}

/** Whose reading is counted: the agency’s altogether, one client’s, or that for one purpose. */
export type Reach =
  | { readonly kind: 'agency' }
  | { readonly kind: 'client'; readonly client: string }
  | { readonly kind: 'purpose'; readonly purpose: AgencyPurpose };

/** Everybody's application is reviewed; few get an offer. */
const PURPOSE_SHARES: Readonly<Record<AgencyPurpose, number>> = {
  review: 1,
  interview: 0.5,
  offer: 0.25,
  onboarding: 0.25,
};

/** Any client may read what its agency may; a purpose has its share of that. */
export function limitOf(allowance: Allowance, reach: Reach, window: Window): number {
  const share = reach.kind === 'purpose' ? PURPOSE_SHARES[reach.purpose] : 1;
  return Math.ceil(allowance[window] * share);
}

/** The limit in the ledger, where there is no free text: such as `agency_hour` or `interview_month`. */
export function limitCode(reach: Reach, window: Window): string {
  return `${reach.kind === 'purpose' ? reach.purpose : reach.kind}_${window}`;
}

/** From this part of a limit on, operators hear of it. */
const WARNING_SHARE = 0.8;

export function reachesWarning(used: number, limit: number): boolean {
  return used >= Math.ceil(limit * WARNING_SHARE);
}

/** Whoever was counted after this is shown again, to the same client for the same purpose, for nothing. */
export function freeSince(moment: Date): Date {
  return new Date(moment.getTime() - HOUR_MS);
}

/** The hour in which a reading is counted. */
export function hourOf(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
}

/** The oldest hour that still counts at `moment`. */
export function windowStart(window: Window, moment: Date): Date {
  return new Date(hourOf(moment).getTime() - (WINDOW_HOURS[window] - 1) * HOUR_MS);
}

/** When a reading in `hour` stops counting. */
export function countsUntil(window: Window, hour: Date): Date {
  return new Date(hour.getTime() + WINDOW_HOURS[window] * HOUR_MS);
}
