# Sourced by deploy/demo and deploy/test: installs missing Debian packages and builds. Expects $root.

say() { printf '%s\n' "$*"; }
stop_with() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; exit "${2:-1}"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    stop_with "installing packages needs root or sudo: run as root, or install these first: $*"
  fi
}

# install_missing PACKAGE…: nothing when all are there, so that a second run starts at once and works offline.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  # Debian would start system-wide servers on their default ports; ours are private, so none is started by the install.
  local policy=/usr/sbin/policy-rc.d made_policy=no
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod +x "$policy" && made_policy=yes
  fi
  as_root apt-get update -qq || stop_with "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"${TMPDIR:-/tmp}/siren-apt.log" 2>&1
  local status=$?
  [ "$made_policy" = no ] || as_root rm -f "$policy"
  [ $status = 0 ] || { tail -5 "${TMPDIR:-/tmp}/siren-apt.log" >&2; stop_with "apt-get install failed"; }
}

# build PRESET TESTS TARGET…: TESTS is ON or OFF; progress in one line on a terminal, quiet otherwise; the whole log is kept.
build() {
  local preset=$1 tests=$2 log="$root/build/$1.log"
  shift 2
  mkdir -p "$root/build"
  say "configuring ($preset)"
  (cd "$root" && cmake --preset "$preset" -DSIREN_TESTS="$tests") >"$log" 2>&1 || { tail -20 "$log" >&2; stop_with "configuring failed, see $log"; }
  say "building ($preset); the first time takes minutes"
  if [ -t 1 ]; then
    (cd "$root" && NINJA_STATUS='[%f/%t] ' cmake --build "build/$preset" ${1:+--target} "$@" 2>&1) | tee -a "$log" |
      awk '/^\[[0-9]+\/[0-9]+\]/ {printf "\r\033[K  %s", substr($0, 1, 100); fflush()} END {printf "\r\033[K"}'
  else
    (cd "$root" && cmake --build "build/$preset" ${1:+--target} "$@") >>"$log" 2>&1
  fi
  local status=${PIPESTATUS[0]}
  [ "$status" = 0 ] || { grep -E 'error|FAILED' "$log" | head -20 >&2; stop_with "building failed, see $log"; }
}

# demo_city BIN: prints the folder of the generated Kyiv, made anew when what it is made of has changed.
demo_city() {
  local bin=$1 city="$root/build/city/kyiv-generated"
  if [ ! -e "$city/.complete" ] || [ -n "$(find "$root/deploy/city" -newer "$city/.complete" -print -quit)" ]; then
    rm -rf "$city"
    say "generating the demo city (streets and shelters are made up, labelled so)" >&2
    "$bin/siren_city" generate --facts "$root/deploy/city/kyiv" --seed 1 --out "$city" >&2 || return 1
    touch "$city/.complete"
  fi
  printf '%s\n' "$city"
}
