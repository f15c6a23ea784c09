#include "socket_guard/options.hpp"

#include <getopt.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace genesys::socket_guard {
namespace {

Result<Options> read(std::vector<std::string> words) {
  words.insert(words.begin(), "janus-genesys-guard");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  optind = 0;  // getopt begins anew
  return readOptions(static_cast<int>(words.size()), argv.data());
}

std::string errorOf(const std::vector<std::string>& words) {
  const auto options = read(words);
  return options ? "" : options.error();
}

TEST(GuardOptions, AddressesAndLimits) {
  const auto options =
      read({"--listen", "127.0.0.1:8189", "--janus=127.0.0.1:8188", "--max-message", "2048",
            "--message-seconds", "3", "--burst", "7", "--connections", "9"});
  ASSERT_TRUE(options) << options.error();
  EXPECT_GT(options->listen.length, 0U);
  EXPECT_EQ(options->limits.maxMessage, 2048U);
  EXPECT_EQ(options->limits.messageTime, Seconds(3));
  EXPECT_EQ(options->limits.backlogTime, Seconds(15));
  EXPECT_EQ(options->limits.burst, 7U);
  EXPECT_EQ(options->limits.connections, 9U);
}

TEST(GuardOptions, WhatIsWrongIsNamed) {
  EXPECT_EQ(errorOf({}), "--listen is missing");
  EXPECT_EQ(errorOf({"--listen", "127.0.0.1:1"}), "--janus is missing");
  EXPECT_EQ(errorOf({"--listen", "gateway:1"}), "--listen gateway:1: is no ADDRESS:PORT");
  EXPECT_EQ(errorOf({"--burst", "0"}), "--burst 0: must be a whole number from 1 to 100000");
  EXPECT_EQ(errorOf({"--burst", "1x"}), "--burst 1x: must be a whole number from 1 to 100000");
  EXPECT_EQ(errorOf({"--bursts", "1"}), "--bursts: unknown, or no value");
  EXPECT_EQ(errorOf({"more"}), "more: is no option");
}

}  // namespace
}  // namespace genesys::socket_guard
