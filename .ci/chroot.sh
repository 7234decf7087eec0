#!/usr/bin/env bash
# A Debian sid in a directory, for the Pythons that this machine does not have.
#
#   .ci/chroot.sh make               make it, unless it is there and complete
#   .ci/chroot.sh run DIR COMMAND    run COMMAND in it; DIR is visible at its own path
#
# FRAMETOOLS_CHROOT  where it is kept from run to run (/var/cache/frametools/sid)
# FRAMETOOLS_MIRROR  where packages come from (what this machine's apt uses)
#
# It is made under another name and renamed when done, so that what stands at its path is
# whole. Everything that is mounted is mounted in a namespace of its own, which ends with
# the command: nothing is left behind, and mounts of others are not touched.
set -euo pipefail

ROOT=${FRAMETOOLS_CHROOT:-/var/cache/frametools/sid}
PACKAGES=(
    gcc libc6-dev
    python3.14-full python3.14-venv python3.14-dev
    python3.15-full python3.15-venv python3.15-dev
    libpython3.14-testsuite libpython3.15-testsuite
)

say() { printf 'chroot: %s\n' "$*"; }

die() {
    say "$*" >&2
    exit 1
}

# The first Debian archive in apt's own sources, of either format.
mirror() {
    local found
    found=${FRAMETOOLS_MIRROR:-$(
        sed -n -E -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
            -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' \
            /etc/apt/sources.list.d/*.sources /etc/apt/sources.list \
            /etc/apt/sources.list.d/*.list 2>/dev/null |
            grep -E '/debian/?$' | head -n 1
    )}
    [ -n "$found" ] || die "no Debian archive in /etc/apt; set FRAMETOOLS_MIRROR"
    echo "$found"
}

is_complete() {
    local installed
    [ -x "$ROOT/usr/bin/dpkg-query" ] || return 1
    installed=$(chroot "$ROOT" dpkg-query -W -f '${db:Status-Status}\n' \
        "${PACKAGES[@]}" 2>/dev/null | grep -cx installed) || return 1
    [ "$installed" -eq "${#PACKAGES[@]}" ]
}

# Runs the rest of this script's work with mounts of its own.
apart() { unshare --mount --propagation private bash "$0" "$@"; }

bootstrap() {
    local suite include
    include=$(IFS=, && echo "${PACKAGES[*]}")
    for suite in sid forky; do # should sid drop one of them, the next release has both
        rm -rf --one-file-system "$ROOT.new"
        say "debootstrap $suite into $ROOT (a minute or two)"
        if apart debootstrap "$suite" "$include" >"$ROOT.log" 2>&1; then
            mv "$ROOT.new" "$ROOT"
            return
        fi
        tail -n 5 "$ROOT.log"
    done
    die "debootstrap failed; all it said is in $ROOT.log"
}

make() {
    [ "$(id -u)" -eq 0 ] || die "making a chroot needs root"
    mkdir -p "$(dirname "$ROOT")"
    exec 9>"$ROOT.lock"
    flock 9
    if is_complete; then
        say "reusing $ROOT"
        return
    fi
    if ! command -v debootstrap >/dev/null; then
        say "installing debootstrap"
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
            debootstrap debian-archive-keyring wget ca-certificates >/dev/null
    fi
    if [ -d "$ROOT" ]; then
        say "$ROOT lacks packages: installing them"
        apart inside / sh -c 'apt-get update -qq && apt-get install -qq -y \
            --no-install-recommends "$@"' sh "${PACKAGES[@]}"
    else
        bootstrap
    fi
    is_complete || die "$ROOT is not complete; remove it and run this again"
}

# Copies a file of this machine to the same place inside.
share_file() {
    [ -f "$1" ] || return 0
    cmp -s "$1" "$ROOT$1" && return 0
    mkdir -p "$(dirname "$ROOT$1")"
    cp -L --remove-destination "$1" "$ROOT$1"
}

# Makes a directory of this machine visible at the same place inside.
share_directory() {
    [ "$1" -ef "$ROOT$1" ] && return 0
    mkdir -p "$ROOT$1"
    mount --bind "$1" "$ROOT$1"
}

# Paths in pip's own configuration: wheel directories, certificates, and local indexes,
# whose files lie beside their `simple`.
pip_paths() {
    {
        env | sed -n 's/^PIP_[A-Z_]*=//p'
        cat /etc/pip.conf ~/.config/pip/pip.conf ~/.pip/pip.conf 2>/dev/null || true
    } | grep -oE '(file://)?/[A-Za-z0-9][A-Za-z0-9._/+-]*' | sed -E 's|^file://||; s|/simple/?$||' | sort -u
}

inside() {
    local directory=$1 path
    shift
    for path in /proc /dev; do
        mountpoint -q "$ROOT$path" || mount --rbind "$path" "$ROOT$path"
    done
    for path in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt \
        /etc/pip.conf ~/.config/pip/pip.conf ~/.pip/pip.conf; do
        share_file "$path"
    done
    while read -r path; do
        if [ -d "$path" ]; then share_directory "$path"; else share_file "$path"; fi
    done < <(pip_paths)
    [ "$directory" = / ] || share_directory "$directory"
    exec chroot "$ROOT" env -u TMPDIR -u VIRTUAL_ENV -u LC_ALL HOME="$HOME" LANG=C.UTF-8 \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c 'cd "$0" && exec "$@"' "$directory" "$@"
}

case ${1-} in
make) make ;;
run) shift && apart inside "$(realpath "$1")" "${@:2}" ;;
inside) inside "${@:2}" ;; # only from `apart`
debootstrap) exec debootstrap --variant=minbase --include="$3" "$2" "$ROOT.new" "$(mirror)" ;;
*) die "usage: $0 make | run DIR COMMAND..." ;;
esac
