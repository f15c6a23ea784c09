// Janus's C headers as C++ can take them: what they include themselves comes first, since it must
// not stand inside extern "C".
#pragma once

#include <glib.h>
#include <jansson.h>

#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>

extern "C" {
#include <debug.h>
#include <plugins/plugin.h>
}

namespace genesys::harness {

struct JsonRelease {
  void operator()(json_t* json) const { json_decref(json); }
};
/// Owns one reference.
using Json = std::unique_ptr<json_t, JsonRelease>;

}  // namespace genesys::harness
