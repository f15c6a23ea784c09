# Configures and builds one of CMakePresets.json. Sourced, not run; needs common.sh.
# shellcheck shell=bash

# build_preset PRESET [TARGET...]: into build/PRESET; all targets if none is named. Quick when nothing
# has changed; ccache serves files that another build tree or an earlier commit has compiled.
build_preset() {
  local preset=$1
  shift
  say "building ($preset)"
  # Configuring again costs a second or two; ninja does it by itself once there is a build.ninja.
  if [ ! -f "$ROOT/build/$preset/build.ninja" ]; then
    (cd "$ROOT" && cmake --preset "$preset" >&2) || die "cmake --preset $preset failed"
  fi
  cmake --build "$ROOT/build/$preset" --parallel "$(nproc)" ${1:+--target "$@"} >&2 ||
    die "the build failed (preset $preset)"
}
