import type { AgencyMode } from '../agencies/index.js';
import type { AgencyId, VacancyId } from '../../kernel/ids.js';
import type { DocumentKind } from '../documents/index.js';

export const VACANCY_STATUSES = ['draft', 'published', 'closed', 'archived'] as const;
export type VacancyStatus = (typeof VACANCY_STATUSES)[number];

export const CATEGORIES = ['A', 'B', 'C'] as const;
export const CONTRACTS = [
  'permanent_civil_servant',
  'fixed_term',
  'open_ended',
  'apprenticeship',
  'internship',
] as const;
export const REMOTE = ['none', 'partial', 'full'] as const;
export const QUESTION_KINDS = ['text', 'choice', 'yes_no'] as const;

export type Category = (typeof CATEGORIES)[number];
export type Contract = (typeof CONTRACTS)[number];
export type Remote = (typeof REMOTE)[number];

export interface Question {
  readonly id: string;
  readonly label: string;
  readonly kind: (typeof QUESTION_KINDS)[number];
  readonly required: boolean;
  /** For `choice` only. */
  readonly choices: readonly string[];
}

/** What an agency says about a vacancy. */
export interface VacancyContent {
  readonly title: string;
  readonly description: string;
  readonly department: string;
  readonly category: Category;
  readonly contract: Contract;
  readonly remote: Remote;
  readonly deadline: Date;
  /** By which the deadline is told (IANA). */
  readonly timeZone: string;
  readonly openings: number;
  readonly questions: readonly Question[];
  /** Kinds of which an application needs one each. */
  readonly requiredDocuments: readonly DocumentKind[];
  /** Names are withheld from the agency until the interview. */
  readonly anonymousReview: boolean;
}

export interface Vacancy extends VacancyContent {
  readonly id: VacancyId;
  readonly agencyId: AgencyId;
  readonly agencyName: string;
  readonly mode: AgencyMode;
  readonly status: VacancyStatus;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
  readonly revision: number;
}
