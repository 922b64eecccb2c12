#!/usr/bin/env bash
# Installs the packed package into an empty project, starts its mock there and makes the README's typed call.
set -euo pipefail
cd "$(dirname "$0")/.."

project=$(mktemp -d)
mock=
trap 'test -z "$mock" || kill "$mock"; rm -rf "$project"' EXIT
npm pack --silent --pack-destination "$project"
cp examples/register.ts "$project/register.mts"
cd "$project"
npm init --yes >/dev/null
npm install --silent ./necid-contract-kit-*.tgz typescript@5.9 @types/node@24
npx tsc --module nodenext --target es2024 --types node --skipLibCheck register.mts

node_modules/.bin/necid mock --port 4010 --quiet &
mock=$!
curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:4010/v1/health
node register.mjs
