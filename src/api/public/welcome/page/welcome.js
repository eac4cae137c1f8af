'use strict';

/**
 * What a mailed link opens: confirms an address or accepts an invitation, then enrols an authenticator. The token comes
 * behind `#`, which no server is sent, and is used when the person says so: a scanner that opens links uses nothing up.
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
      refused: 'Refused: the link or the code is not valid, was used already or has expired.',
      failed: 'That did not work. Try again in a moment.',
    },
  };

  const page = document.getElementById('page');
  const [, purpose, token] = /^#(confirm|invitation)=([\w-]{43})$/.exec(location.hash) ?? [];
  // Out of the address bar and the history, before anything else.
  history.replaceState(null, '', location.pathname);

  let language = navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en';
  let step = purpose === undefined ? { name: 'nothing' } : { name: purpose };

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
      field: {
        name: 'code',
        type: 'text',
        autocomplete: 'one-time-code',
        inputMode: 'numeric',
        maxLength: 6,
      },
      next: async (code, { ticket }) => {
        const body = { ticket, code, transport: 'cookie' };
        const { recoveryCodes } = await post('v1/totp/enrolments/confirm', body);
        return { name: 'done', recoveryCodes };
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
