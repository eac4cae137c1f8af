import type { Bilingual } from '../../../../kernel/errors.js';
import type { BilingualText } from './text.js';

/** The communication to whoever an incident affects (GDPR article 34). */
export interface IncidentNotice {
  readonly kind: 'data_exposed';
  /** Whether the reader was told of less before. */
  readonly isFurther: boolean;
  /** Of the incident, to be quoted. */
  readonly reference: string;
  /** Which of the reader's data was opened, whether or not they had given it, as a part of a sentence. */
  readonly what: Bilingual;
  readonly when: Bilingual;
  /** Whether every access in question was cut off. */
  readonly isCutOff: boolean;
  /** Whether the keys of everybody affected were renewed. */
  readonly areKeysRenewed: boolean;
  /** How the data protection officer is reached. */
  readonly contact: string;
}

const CUT_OFF: Bilingual = {
  fr: 'Les accès en cause ont été coupés.',
  en: 'The accesses in question were cut off.',
};

const KEYS_RENEWED: Bilingual = {
  fr: 'Les clés qui protègent ces données ont été renouvelées.',
  en: 'The keys that protect this data were renewed.',
};

const FURTHER: Bilingual = {
  fr: 'Nous vous avons déjà écrit au sujet de cet incident. Le journal des accès en dit depuis davantage : ce message remplace le précédent.\n\n',
  en: 'We have written to you about this incident before. The access log says more of it since: this message takes the place of the last one.\n\n',
};

export function incidentText({
  isFurther,
  reference,
  what,
  when,
  isCutOff,
  areKeysRenewed,
  contact,
}: IncidentNotice): BilingualText {
  const measures = [...(isCutOff ? [CUT_OFF] : []), ...(areKeysRenewed ? [KEYS_RENEWED] : [])];
  const further = isFurther ? FURTHER : { fr: '', en: '' };
  return {
    fr: {
      subject: 'Un incident a exposé certaines de vos données',
      text: `Bonjour,\n\n${further.fr}Un incident de sécurité a permis à quelqu'un d'accéder sans droit à des données qui nous sont confiées. Voici ce que le journal des accès dit des vôtres.\n\nRubriques consultées : ${what.fr}.\nQuand : ${when.fr}.\n\nLe journal note chaque rubrique que les règles permettaient de communiquer et qui a été consultée, que vous l'ayez remplie ou non. Ce que vous y aviez écrit a pu être lu.\n\nCes données peuvent servir à se faire passer auprès de vous pour un recruteur ou une administration, ou à usurper votre identité. Méfiez-vous des messages qui les citent, ne donnez ni code ni document en réponse, et vérifiez par un autre moyen toute demande inhabituelle.\n\n${measures.map(({ fr }) => `${fr} `).join('')}L'historique des accès de votre compte montre chacun d'eux, avec sa preuve.\n\nLe délégué à la protection des données répond à vos questions : ${contact}. Citez cette référence :\n\n${reference}`,
    },
    en: {
      subject: 'An incident has exposed some of your data',
      text: `Hello,\n\n${further.en}A security incident let somebody have access without right to data that is entrusted to us. This is what the access log says of yours.\n\nWhat was opened: ${what.en}.\nWhen: ${when.en}.\n\nThe log notes every kind of data that the rules released and that was opened, whether or not you had filled it in. Whatever you had written there may have been read.\n\nThis data may be used to pose as a recruiter or a public body to you, or to steal your identity. Be wary of messages that quote it, give no code and no document in answer, and verify every unusual request by other means.\n\n${measures.map(({ en }) => `${en} `).join('')}The access history of your account shows each of them, with its proof.\n\nThe data protection officer answers your questions: ${contact}. Quote this reference:\n\n${reference}`,
    },
  };
}
