'use strict';

/**
 * What a mailed link opens: confirms an address or accepts an invitation, then enrols an authenticator. And where an
 * identity provider sends people back to: asks for the second factor, or says what has become of it. The token comes behind `#`, which no server is sent, and is used when the person says so: a scanner that opens links uses nothing up.
 */
(() => {
  const TEXTS = {
    fr: {
      other: 'English',
      nothing: 'Ouvrez le lien que vous avez reçu par courriel.',
      confirmTitle: 'Confirmer votre adresse',
      confirmText: 'Vous confirmez que vous avez demandé un compte avec cette adresse électronique.',
      confirm: 'Confirmer',
      invitationTitle: 'Accepter l’invitation',
      invitationText:
        'Choisissez un mot de passe de 15 caractères au moins ; une phrase est plus facile à retenir.',
      password: 'Mot de passe',
      accept: 'Accepter',
      enrolTitle: 'Enregistrer une application d’authentification',
      enrolText:
        'Scannez ce code avec l’application, ou saisissez-y le secret. Indiquez ensuite les six chiffres affichés.',
      secret: 'Secret',
      code: 'Code à six chiffres',
      enrol: 'Activer le compte',
      doneTitle: 'Votre compte est actif',
      doneText:
        'Conservez ces codes de secours en lieu sûr : chacun remplace une fois l’application. Ils ne seront plus affichés.',
      ticketTitle: 'Se connecter',
      ticketText:
        'Votre identité a été reconnue. Indiquez les six chiffres de votre application d’authentification.',
      enter: 'Se connecter',
      enteredTitle: 'Vous êtes connecté',
      enteredText: 'Vous pouvez fermer cette page.',
      linkedTitle: 'Identité rattachée',
      linkedText: 'Vous pouvez désormais vous connecter avec elle et votre application d’authentification.',
      unlinkedTitle: 'Identité inconnue ici',
      unlinkedText:
        'Aucun compte n’y est rattaché. Connectez-vous avec votre mot de passe, puis rattachez-la à votre compte.',
      cancelledTitle: 'Connexion interrompue',
      cancelledText: 'Rien n’a changé. Vous pouvez recommencer, ou vous connecter avec votre mot de passe.',
      refusedTitle: 'Connexion refusée',
      refusedText:
        'La réponse du fournisseur d’identité n’est pas valable, ou a déjà servi. Recommencez depuis le début.',
      takenTitle: 'Déjà rattachée',
      takenText: 'Cette identité, ou votre compte, a déjà un rattachement.',
      unavailableTitle: 'Fournisseur injoignable',
      unavailableText: 'Réessayez dans un instant, ou connectez-vous avec votre mot de passe.',
      refused: 'Refusé : le lien ou le code n’est pas valable, a déjà servi ou a expiré.',
      failed: 'Cela n’a pas fonctionné. Réessayez dans un instant.',
    },
    en: {
      other: 'Français',
      nothing: 'Open the link that you received by mail.',
      confirmTitle: 'Confirm your address',
      confirmText: 'You confirm that you asked for an account with this e-mail address.',
      confirm: 'Confirm',
      invitationTitle: 'Accept the invitation',
      invitationText: 'Choose a password of at least 15 characters; a sentence is easiest to remember.',
      password: 'Password',
      accept: 'Accept',
      enrolTitle: 'Enrol an authenticator',
      enrolText:
        'Scan this code with the app, or type the secret into it. Then give the six digits that it shows.',
      secret: 'Secret',
      code: 'Six-digit code',
      enrol: 'Activate the account',
      doneTitle: 'Your account is active',
      doneText:
        'Keep these recovery codes in a safe place: each replaces the app once. They will not be shown again.',
      ticketTitle: 'Sign in',
      ticketText: 'Your identity was recognised. Give the six digits that your authenticator shows.',
      enter: 'Sign in',
      enteredTitle: 'You are signed in',
      enteredText: 'You can close this page.',
      linkedTitle: 'Identity linked',
      linkedText: 'From now on you can sign in with it and your authenticator.',
      unlinkedTitle: 'Identity not known here',
      unlinkedText: 'No account is linked to it. Sign in with your password, then link it to your account.',
      cancelledTitle: 'Sign-in broken off',
      cancelledText: 'Nothing has changed. You can begin again, or sign in with your password.',
      refusedTitle: 'Sign-in refused',
      refusedText:
        'The identity provider’s answer is not valid, or was used already. Begin again from the start.',
      takenTitle: 'Linked already',
      takenText: 'This identity, or your account, is linked already.',
      unavailableTitle: 'Provider out of reach',
      unavailableText: 'Try again in a moment, or sign in with your password.',
      refused: 'Refused: the link or the code is not valid, was used already or has expired.',
      failed: 'That did not work. Try again in a moment.',
    },
  };

  const page = document.getElementById('page');
  const [, purpose, token] =
    /^#(confirm|invitation|federation-ticket)=([\w-]{43})$/.exec(location.hash) ?? [];
  const [, outcome] =
    /^#federation=(linked|unlinked|cancelled|refused|taken|unavailable)$/.exec(location.hash) ?? [];
  // Out of the address bar and the history, before anything else.
  history.replaceState(null, '', location.pathname);

  let language = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
  let step = { name: (purpose === 'federation-ticket' ? 'ticket' : purpose) ?? outcome ?? 'nothing' };

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const post = async (path, body) => {
    const response = await fetch(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': language,
        'x-requested-by': 'welcome',
      },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) return answer;
    const detail = answer.errors?.map((error) => error.detail).join(' ') ?? '';
    throw new Error(detail || (response.status === 401 ? TEXTS[language].refused : TEXTS[language].failed));
  };

  const enrolment = async (ticket) => ({
    name: 'enrol',
    ticket,
    offer: await post('v1/totp/enrolments', { ticket }),
  });

  const CODE = {
    name: 'code',
    type: 'text',
    autocomplete: 'one-time-code',
    inputMode: 'numeric',
    maxLength: 6,
  };

  /** Of each step: its heading, sentence and button, what is typed in, and what comes next. */
  const STEPS = {
    confirm: {
      button: 'confirm',
      next: async () => enrolment((await post('v1/registrations/confirm', { token })).ticket),
    },
    invitation: {
      button: 'accept',
      field: { name: 'password', type: 'password', autocomplete: 'new-password', maxLength: 256 },
      next: async (password) => enrolment((await post('v1/invitations/accept', { token, password })).ticket),
    },
    enrol: {
      button: 'enrol',
      field: CODE,
      next: async (code, { ticket }) => {
        const body = { ticket, code, transport: 'cookie' };
        const { recoveryCodes } = await post('v1/totp/enrolments/confirm', body);
        return { name: 'done', recoveryCodes };
      },
    },
    ticket: {
      button: 'enter',
      field: CODE,
      next: async (code) => {
        await post('v1/federation/sessions', { ticket: token, code, transport: 'cookie' });
        return { name: 'entered' };
      },
    },
  };

  function show(problem = '') {
    const texts = TEXTS[language];
    document.documentElement.lang = language;
    const other = element('button', { type: 'button', textContent: texts.other });
    other.addEventListener('click', () => {
      language = language === 'fr' ? 'en' : 'fr';
      show();
    });
    const parts = [element('nav', {}, other)];
    if (step.name === 'nothing') parts.push(element('p', { textContent: texts.nothing }));
    else {
      parts.push(element('h1', { textContent: texts[`${step.name}Title`] }));
      parts.push(element('p', { textContent: texts[`${step.name}Text`] }));
    }
    if (step.offer !== undefined) {
      parts.push(element('img', { src: step.offer.qr, alt: '' }));
      parts.push(element('p', {}, `${texts.secret} : `, element('code', { textContent: step.offer.secret })));
    }
    if (step.recoveryCodes !== undefined) {
      const codes = step.recoveryCodes.map((code) =>
        element('li', {}, element('code', { textContent: code })),
      );
      parts.push(element('ul', {}, ...codes));
    }
    if (problem !== '') parts.push(element('p', { role: 'alert', textContent: problem }));
    if (STEPS[step.name] !== undefined) parts.push(form(STEPS[step.name], texts));
    page.replaceChildren(...parts);
  }

  function form({ button, field, next }, texts) {
    const submit = element('button', { type: 'submit', textContent: texts[button] });
    const input = field === undefined ? undefined : element('input', { ...field, required: true });
    const labelled = input === undefined ? [] : [element('label', {}, texts[field.name], input)];
    const made = element('form', {}, ...labelled, submit);
    made.addEventListener('submit', async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        step = await next(input?.value, step);
        show();
      } catch (error) {
        show(error instanceof TypeError ? TEXTS[language].failed : error.message);
      }
    });
    return made;
  }

  show();
})();
