#!/bin/sh
# Makes docker/secrets with a password for each role. Refuses to overwrite: they are in the database already.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets ] || { echo 'docker/secrets exists already.' >&2; exit 1; }
# Nobody else enters the folder; inside, the containers' own users must be able to read.
mkdir -m 0700 secrets
password() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
owner=$(password)
printf '%s' "$owner" > secrets/owner_password
printf 'postgresql://sceau_owner:%s@db:5432/sceau' "$owner" > secrets/owner_url
for role in app auditor sequencer; do
  printf 'postgresql://sceau_%s:%s@db:5432/sceau' "$role" "$(password)" > "secrets/${role}_url"
done
printf '%s' "${SMTP_URL:-smtp://smtp.example.org:587}" > secrets/smtp_url
chmod 0444 secrets/*
echo 'docker/secrets is ready. Put the address of your mail server into docker/secrets/smtp_url.'
