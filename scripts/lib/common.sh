# What every script here starts with: where the project is, how to speak, how to become root.
# Sourced, not run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export ROOT

# On a terminal and in CI alike these go to stderr, so that stdout stays the script's answer.
say() { printf '==> %s\n' "$*" >&2; }
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# as_root COMMAND...: runs it as root, by sudo if need be.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "'$*' needs root: run as root or install sudo"
  fi
}

# usage_from FILE: prints the comment block at its top, which is the script's manual.
usage_from() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }
