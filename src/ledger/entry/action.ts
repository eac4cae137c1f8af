/** What an entry is about. */
export type ResourceType =
  | 'account'
  | 'session'
  | 'profile'
  | 'application'
  | 'document'
  | 'vacancy'
  | 'agency'
  | 'client'
  | 'token'
  | 'entry'
  | 'answer'
  | 'checkpoint'
  | 'key'
  | 'process'
  | 'writer'
  | 'security_record'
  | 'subject'
  | 'sink'
  | 'month'
  | 'place'
  | 'webhook'
  | 'mail'
  | 'incident';

/** How urgently an auditor should look: `critical` is what happens only when something is wrong. */
export type AlertLevel = 'warning' | 'critical';

export interface ActionMeaning {
  readonly resource: ResourceType;
  /** What has happened, as the part of a sentence that follows the actor. */
  readonly en: string;
  readonly fr: string;
  /** Only of what is shown among the alerts. */
  readonly alert?: AlertLevel;
}

export const action = (
  resource: ResourceType,
  en: string,
  fr: string,
  alert?: AlertLevel,
): ActionMeaning => ({
  resource,
  en,
  fr,
  ...(alert === undefined ? {} : { alert }),
});
