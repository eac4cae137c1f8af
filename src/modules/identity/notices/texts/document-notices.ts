import type { BilingualText } from './text.js';

/** Which document it is, the candidate sees where the link leads: its name may say who they are. */
export interface DocumentNotice {
  readonly kind: 'document_quarantined';
  readonly link: string;
}

export function documentText({ link }: DocumentNotice): BilingualText {
  return {
    fr: {
      subject: "L'un de vos documents est en quarantaine",
      text: `Bonjour,

Un logiciel malveillant a été trouvé dans l'un de vos documents lors d'une nouvelle analyse. Plus personne ne peut le télécharger, ni vous, ni un organisme à qui vous l'avez envoyé.

Si vous l'avez encore, analysez-le avec un antivirus à jour avant de l'ouvrir. Vous pouvez le supprimer et en joindre un autre à vos prochaines candidatures ; pour une candidature déjà déposée, voyez avec l'organisme.

Vos documents :

${link}`,
    },
    en: {
      subject: 'One of your documents is in quarantine',
      text: `Hello,

Malware was found in one of your documents when it was looked into again. Nobody can download it any more, neither you nor an agency to which it was sent.

If you still have the file, check it with an up-to-date antivirus before you open it. You can delete it and attach another one to your next applications; about an application that was submitted already, ask the agency.

Your documents:

${link}`,
    },
  };
}
