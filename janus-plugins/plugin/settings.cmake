# What the gateway is told: the configuration file, who may sign in, which ICE servers a page uses.
add_library(genesys_settings STATIC config.cpp config_dialplan.cpp config_dns.cpp config_files.cpp config_reader.cpp config_sip.cpp config_tls.cpp
                                    config_rules.cpp config_sections.cpp ice_servers.cpp sign_in.cpp)
target_include_directories(genesys_settings PUBLIC ${PROJECT_SOURCE_DIR}/janus-plugins)
target_link_libraries(genesys_settings PUBLIC genesys_api genesys_codec genesys_dialplan genesys_util
                      PRIVATE PkgConfig::LIBCONFIG PkgConfig::LIBJWT PkgConfig::OPENSSL)
