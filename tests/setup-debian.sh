#!/usr/bin/env bash
# Installs the Debian packages that tests want, where it can; says what is left out where it cannot.
# Only in CI is a failed installation an error: elsewhere those tests are skipped.
set -euo pipefail

packages=(
  chromium         # the browser tests
  iproute2         # hosts in network namespaces, for the check script
  nftables         # their firewall
  net-tools        # the check script's --local by netstat, without ss
  netcat-openbsd   # the check script's --listen without python3 and perl
  perl             # the same without python3
  procps           # did an interrupted check leave anybody behind?
  shellcheck       # the check script is clean
  jq               # what workflows pick comments with
  dash             # what the check script says where there is no bash
  openssl          # the check script's --tls
  openssh-server   # a fleet to log on to
  openssh-client   # from here
)

if ! command -v dpkg-query >/dev/null; then
  echo "Not a Debian system: tests that need one of these are skipped where it is missing: ${packages[*]}"
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

left_out="Left out: tests that need ${missing[*]} (as root: apt-get install ${missing[*]})"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "$left_out"
  exit 0
fi

echo "Installing for the tests: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null; }; then
  echo "$left_out"
  [ -z "${CI:-}" ]
fi
