#!/usr/bin/env bash
# Builds web/dist, and only when something that goes into it has changed since the last build.
set -euo pipefail
cd "$(dirname "$0")"

sources() {
  find package.json package-lock.json tsconfig.base.json scripts shared vendor console ../adapters/api/openapi.json \
    \( -name node_modules -o -name generated -o -name dist \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

now=$(sources)
if [ -f dist/.sources ] && [ "$(cat dist/.sources)" = "$now" ]; then
  echo "web: up to date"
  exit 0
fi
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ ! -f node_modules/.lock-seen ] || [ "$(cat node_modules/.lock-seen)" != "$lock" ]; then
  npm ci --no-audit --no-fund --loglevel=error
  echo "$lock" > node_modules/.lock-seen
fi
npm run --silent build
echo "$now" > dist/.sources
