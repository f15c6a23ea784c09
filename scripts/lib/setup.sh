# Installs what scripts/packages names and html/package-lock.json pins, and nothing twice.
# Sourced, not run; needs common.sh.
# shellcheck shell=bash

# has_command NAME[:MAJOR]: whether the command is there, at least in that major version.
has_command() {
  local name=${1%%:*} least=${1#*:} found
  command -v "$name" >/dev/null || return 1
  [ "$least" = "$1" ] && return 0
  found=$("$name" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1)
  [ "${found:-0}" -ge "$least" ]
}

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# is_listed GROUP or GROUP/PACKAGE: whether scripts/packages has it.
is_listed() {
  local group=${1%%/*} package=
  [[ $1 == */* ]] && package=${1#*/}
  awk -v group="$group" -v package="$package" \
    '$1 == group && (package == "" || $2 == package) { found = 1 } END { exit !found }' "$ROOT/scripts/packages"
}

# missing_packages GROUP or GROUP/PACKAGE...: prints those packages that are not there yet.
missing_packages() {
  local group package unless _
  while read -r group package unless _; do
    case $group in '' | '#'*) continue ;; esac
    [[ " $* " == *" $group "* || " $* " == *" $group/$package "* ]] || continue
    [ "$unless" != - ] && has_command "$unless" && continue
    is_installed "$package" || echo "$package"
  done <"$ROOT/scripts/packages"
}

# Debian starts a service as soon as its package is configured. The demo brings its own janus, nginx
# and coturn up on its own ports, a test its kamailio, a bench its rtpengine; the machine's must not appear because of us.
# invoke-rc.d asks this file, and 101 means no.
POLICY=/usr/sbin/policy-rc.d
forbid_services() {
  [ -e "$POLICY" ] && return 0
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
  trap 'as_root rm -f "$POLICY"' EXIT
}

# Nor at the next boot: Debian enables what it installs. Only packages that we have just installed are
# asked; a service that the machine had before stays as it was.
disable_services() {
  local package
  command -v systemctl >/dev/null || return 0
  for package in "$@"; do
    case $package in
      janus | nginx | coturn | kamailio | prometheus | rtpengine-daemon)
        as_root systemctl disable --quiet "$package" >&2 || true
        ;;
    esac
  done
}

# setup_packages GROUP...: a second run asks dpkg only, and takes well under a second.
setup_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  # A subshell, so that its trap restores policy-rc.d however apt ends.
  (
    forbid_services
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes \
      --no-install-recommends -o Dpkg::Use-Pty=0 "${missing[@]}" >&2
    disable_services "${missing[@]}"
  )
}

# setup_npm: node_modules of the page's tests, again only when the lock file has changed.
setup_npm() {
  local stamp=$ROOT/html/node_modules/.from-lock
  [ -f "$ROOT/html/package-lock.json" ] || return 0
  cmp -s "$ROOT/html/package-lock.json" "$stamp" && return 0
  say "installing html/node_modules"
  npm ci --prefix "$ROOT/html" --no-audit --no-fund >&2
  cp "$ROOT/html/package-lock.json" "$stamp"
}
