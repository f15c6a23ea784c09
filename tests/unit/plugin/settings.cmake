add_executable(unit_settings config_dialplan_test.cpp config_dns_test.cpp config_sample_test.cpp config_test.cpp config_sip_test.cpp config_tls_test.cpp
                             ice_servers_test.cpp sign_in_test.cpp test_tokens.cpp)
target_link_libraries(unit_settings PRIVATE genesys_settings PkgConfig::OPENSSL PkgConfig::LIBCONFIG
                                            PkgConfig::LIBJWT GTest::gmock_main)
target_compile_definitions(unit_settings PRIVATE PROJECT_FOLDER="${PROJECT_SOURCE_DIR}")
genesys_test_headers(unit_settings)
gtest_discover_tests(unit_settings TEST_PREFIX "unit.settings." PROPERTIES LABELS unit TIMEOUT 60)
