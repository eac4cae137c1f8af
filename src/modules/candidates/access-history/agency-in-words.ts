const NBSP = '\u00A0';

/** First words of names of public bodies, by the article that French puts before them. */
const MASCULINE = new Set(
  `centre collège commissariat conseil département fonds groupement haut laboratoire lycée ministère musée muséum parc
  port rectorat secrétariat service syndicat tribunal`.split(/\s+/),
);
const FEMININE = new Set(
  `bibliothèque caisse chambre cité collectivité commune communauté cour délégation direction faculté fondation mairie
  maison médiathèque métropole mission préfecture région sous-préfecture ville`.split(/\s+/),
);
const ELIDED = new Set(
  `académie administration agence assemblée autorité école établissement eurométropole hôpital inspection institut
  institution observatoire office opéra université`.split(/\s+/),
);

/** An agency as the beginning of a French sentence: “Le ministère de la Culture”, “L’organisme « DREAL Bretagne »”. */
export function agencyInFrench(name: string): string {
  const [first = '', ...rest] = name.split(' ');
  const head = first.toLocaleLowerCase('fr');
  const common = [head, ...rest].join(' ');
  if (MASCULINE.has(head)) return `Le ${common}`;
  if (FEMININE.has(head)) return `La ${common}`;
  if (ELIDED.has(head)) return `L’${common}`;
  return `L’organisme «${NBSP}${name}${NBSP}»`;
}
