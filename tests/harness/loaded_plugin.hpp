// A Janus plugin's shared object, loaded as the core does it: dlopen, create(), init(), destroy(),
// and never unloaded.
#pragma once

#include <string>

#include "harness/janus_abi.hpp"

namespace genesys::harness {

class LoadedPlugin {
 public:
  /// Throws std::runtime_error with dlerror()'s text, or if the table of callbacks is incomplete.
  explicit LoadedPlugin(const std::string& path);
  /// Calls destroy() if it was initialised and not yet destroyed.
  ~LoadedPlugin();
  LoadedPlugin(const LoadedPlugin&) = delete;
  LoadedPlugin& operator=(const LoadedPlugin&) = delete;

  janus_plugin* table() const { return table_; }
  /// What init() returns: 0, or negative if the plugin refuses to run.
  int init(const std::string& configFolder);
  void destroy();

 private:
  janus_plugin* table_ = nullptr;
  bool running_ = false;
};

}  // namespace genesys::harness
