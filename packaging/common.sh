#!/bin/bash
# What the scripts of this project share. Sourced by bash scripts with `set -euo pipefail`.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=$(basename "$(dirname "$(readlink -f "$0")")")/$(basename "$0")

say() { printf '\n== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$me" "$*" >&2
  exit 1
}

# Runs a command as root.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run $me as root, or install sudo"
  fi
}

# The version of Debian whose packages the project builds with.
require_debian_12() {
  local ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
  # shellcheck disable=SC1091
  [ ! -r /etc/os-release ] || . /etc/os-release
  [ "$ID $VERSION_ID" = 'debian 12' ] ||
    fail "this is $PRETTY_NAME; $me needs Debian 12: a machine, a container or a virtual machine with it"
  [ "$(uname -m)" = x86_64 ] || fail "this is $(uname -m); $me needs x86_64"
}

available_mib() { awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo; }

# Compilers to run at once: one for each processor, as far as there is memory (1 GiB each).
jobs() {
  local by_memory=$(($(available_mib) / 1024)) processors
  processors=$(nproc)
  echo $((by_memory < 1 ? 1 : by_memory < processors ? by_memory : processors))
}

# Passes every tenth of what counts up to 100 (lines "PERCENT TEXT"), with the time since the start.
tenths() {
  local percent text next=10 since=$SECONDS
  while read -r percent text; do
    percent=${percent%%.*}
    case $percent in '' | *[!0-9]*) continue ;; esac
    [ "$percent" -ge "$next" ] || continue
    printf '   %3d %%  %4d s  %s\n' "$percent" $((SECONDS - since)) "$text"
    next=$(((percent / 10 + 1) * 10))
  done
}

# The build folder of a preset, and the file that has all output of its build.
folder_of() { [ "$1" = release ] && echo "$top/build" || echo "$top/build-$1"; }
log_of() { echo "$(folder_of "$1")/build.log"; }

# configure PRESET
configure() {
  mkdir -p "$(folder_of "$1")"
  (cd "$top" && cmake --preset "$1") >"$(log_of "$1")" 2>&1 ||
    { tail -n 30 "$(log_of "$1")" >&2; fail "cmake failed; see $(log_of "$1")"; }
}

# build PRESET TARGET ...: with progress on standard output.
build() {
  local preset=$1 log
  shift
  configure "$preset"
  log=$(log_of "$preset")
  NINJA_STATUS='@%p ' cmake --build "$(folder_of "$preset")" -j "$(jobs)" --target "$@" 2>&1 | tee -a "$log" |
    sed -un 's/^@ *\([0-9]*\)%.*/\1/p' | tenths ||
    { grep -m 1 -A 20 -E '^FAILED' "$log" >&2 || tail -n 30 "$log" >&2; fail "the build failed; see $log"; }
}
