/** Passwords of fifteen characters and more that guessers try first, in lower case and without spaces. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  motdepassemotdepasse motdepasse123456 motdepasse12345 motdepassesecret monmotdepasse123 monmotdepasse2024 monmotdepasse2025
  monmotdepasse2026 azertyuiopqsdfg azertyuiopqsdfgh azertyuiopqsdfghjklm azertyazertyazerty azerty123456789 azertyuiop12345
  azertyuiop123456 qsdfghjklmwxcvbn 1234567890azerty 123456789azerty qwertyuiopasdfg qwertyuiopasdfgh qwertyuiopasdfghjkl
  qwertyqwertyqwerty qwerty123456789 qwertyuiop12345 qwertyuiop123456 1q2w3e4r5t6y7u8i 1qaz2wsx3edc4rfv 123456789012345
  1234567890123456 12345678901234567890 0123456789012345 987654321098765 9876543210987654 111111111111111 000000000000000
  passwordpassword passwordpassword1 password123456789 password12345678 mypassword123456 thisismypassword letmeinletmein1
  correcthorsebatterystaple iloveyouiloveyou jetaimejetaime1 jetaimejetaimejetaime bonjourbonjour1 bonjourbonjourbonjour
  soleilsoleilsoleil doudoudoudoudou loulouloulou123 chouchouchouchou marseillemarseille parisparisparis parissaintgermain
  parissaintgermain1 allezlesbleus2018 allezlesbleus2022 allezlesbleus2026 olympiquedemarseille servicepublic2024
  servicepublic2025 servicepublic2026 fonctionpublique fonctionpublique1 fonctionpublique2026 libertéégalitéfraternité
  liberteegalitefraternite vivelafrance2024 vivelafrance2025 vivelafrance2026 administration1 administrateur1
  administrateur123 bienvenue123456 changezmoichangezmoi changemechangeme welcomewelcome1 adminadminadmin sceausceausceau
  choisirleservicepublic
  `
    .trim()
    .split(/\s+/),
);
