#include "harness/loaded_plugin.hpp"

#include <dlfcn.h>

#include <stdexcept>

#include "harness/fake_core.hpp"

namespace genesys::harness {
namespace {

/// The callbacks without which Janus refuses a plugin.
bool isComplete(const janus_plugin& p) {
  return p.init && p.destroy && p.get_api_compatibility && p.get_version && p.get_version_string &&
         p.get_description && p.get_package && p.get_name && p.get_author && p.create_session &&
         p.handle_message && p.setup_media && p.hangup_media && p.destroy_session &&
         p.query_session;
}

}  // namespace

LoadedPlugin::LoadedPlugin(const std::string& path) {
  // Janus: RTLD_NOW | RTLD_GLOBAL. A missing symbol shows here.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (!library) throw std::runtime_error(dlerror());
  const auto create = reinterpret_cast<create_p*>(dlsym(library, "create"));
  if (!create) throw std::runtime_error(path + " exports no create()");
  table_ = create();
  if (!table_ || !isComplete(*table_)) throw std::runtime_error(path + ": incomplete plugin");
  if (table_->get_api_compatibility() != JANUS_PLUGIN_API_VERSION)
    throw std::runtime_error(path + ": other plugin API version");
}

LoadedPlugin::~LoadedPlugin() {
  destroy();
}

int LoadedPlugin::init(const std::string& configFolder) {
  const int result = table_->init(FakeCore::instance().callbacks(), configFolder.c_str());
  running_ = result == 0;
  return result;
}

void LoadedPlugin::destroy() {
  if (!running_) return;
  running_ = false;
  table_->destroy();
}

}  // namespace genesys::harness
