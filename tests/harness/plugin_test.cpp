// The plugin as a whole: its configuration, its start and its end.
#include <unistd.h>

#include <atomic>
#include <thread>

#include "harness/genesys_fixture.hpp"
#include "unit/observe/http_client.hpp"

namespace genesys::harness {
namespace {

using testing::HasSubstr;

class PluginTest : public GenesysTest {
 protected:
  /// init() refuses and the log names file, line and reason.
  void refused(const std::string& text, const std::string& line, const std::string& reason) {
    folder.write(text);
    EXPECT_LT(plugin.init(folder.path()), 0);
    const std::string log = LogBook::instance().text();
    EXPECT_THAT(log, HasSubstr(folder.file() + (line.empty() ? ":" : ":" + line)));
    EXPECT_THAT(log, HasSubstr(reason));
  }
};

TEST_F(PluginTest, StartsAndStops) {
  start();
}

TEST_F(PluginTest, NamesItself) {
  EXPECT_STREQ(plugin.table()->get_package(), "janus.plugin.genesys");
  EXPECT_GT(plugin.table()->get_version(), 0);
  for (const char* text : {plugin.table()->get_name(), plugin.table()->get_author(),
                           plugin.table()->get_description(), plugin.table()->get_version_string()})
    EXPECT_STRNE(text, "");
}

TEST_F(PluginTest, NoConfigurationNoStart) {
  EXPECT_LT(plugin.init(folder.path()), 0);
  EXPECT_THAT(LogBook::instance().text(), HasSubstr(folder.file()));
}

TEST_F(PluginTest, AMisspeltOptionStopsIt) {
  refused(configText(5060, "  resume_window = 30\n"), "12", "resume_window");
}

TEST_F(PluginTest, AValueOutOfRangeStopsIt) {
  refused(configText(5060, "  resume_window_s = 999999\n"), "12", "resume_window_s");
}

TEST_F(PluginTest, ASyntaxErrorStopsIt) {
  refused("sip_server: {\n  host = \n}\n", "3", "");
}

TEST_F(PluginTest, AnAddressOfAnotherMachineStopsIt) {
  std::string text = configText(5060);
  const std::string mine = "local_address = \"127.0.0.1\"";
  text.replace(text.find(mine), mine.size(), "local_address = \"192.0.2.77\"");
  folder.write(text);
  // In a process of its own, since sofia-sip's nua_create leaks what it made before bind() failed.
  const auto init = [&] {
    const int result = plugin.init(folder.path());
    std::fputs(LogBook::instance().text().c_str(), stderr);
    std::_Exit(result < 0 ? 3 : 0);
  };
  EXPECT_EXIT(init(), testing::ExitedWithCode(3), "not started");
}

/// The configuration with HTTP on `port`.
std::string withHttp(uint16_t port) {
  return configText(5060) + "http: {\n  port = " + std::to_string(port) + "\n}\n";
}

TEST_F(PluginTest, AnswersHttpAsLongAsItRuns) {
  const auto port = static_cast<uint16_t>(33000 + ::getpid() % 2700);
  folder.write(withHttp(port));
  ASSERT_EQ(plugin.init(folder.path()), 0) << LogBook::instance().text();
  auto page = attached();
  EXPECT_THAT(observe::test::request(port, "GET /health"), HasSubstr("\"dns\":8"));
  EXPECT_THAT(observe::test::request(port, "GET /metrics"),
              HasSubstr("janus_genesys_dns{reason=\"\",state=\"off\"} 8\n"));
  page.reset();
  plugin.destroy();
  EXPECT_EQ(observe::test::request(port, "GET /health"), "");
}

TEST_F(PluginTest, HttpIsAskedWhileItStops) {
  const auto port = static_cast<uint16_t>(33000 + ::getpid() % 2700);
  folder.write(withHttp(port));
  ASSERT_EQ(plugin.init(folder.path()), 0) << LogBook::instance().text();
  std::atomic<bool> over{false};
  std::atomic<int> answers{0};
  std::thread asker([&] {
    while (!over) answers += !observe::test::request(port, "GET /metrics").empty();
  });
  while (answers < 3) std::this_thread::yield();
  plugin.destroy();
  over = true;
  asker.join();
}

TEST_F(PluginTest, ATakenHttpPortStopsIt) {
  const UniqueFd taken(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<const sockaddr*>(&at), length), 0);
  ASSERT_EQ(::listen(taken.get(), 1), 0);
  ASSERT_EQ(::getsockname(taken.get(), reinterpret_cast<sockaddr*>(&at), &length), 0);
  folder.write(withHttp(ntohs(at.sin_port)));
  EXPECT_LT(plugin.init(folder.path()), 0);
  EXPECT_THAT(LogBook::instance().text(),
              HasSubstr("not started: http: cannot listen on 127.0.0.1"));
}

TEST_F(PluginTest, StartsOnceTheConfigurationIsRight) {
  folder.write("nonsense = 1\n");
  EXPECT_LT(plugin.init(folder.path()), 0);
  start();
}

TEST_F(PluginTest, HandlesOfAPluginThatNeverStartedAreRefused) {
  FakeHandle handle(plugin.table());
  EXPECT_NE(handle.attach(), 0);
}

TEST_F(PluginTest, EndsWithLiveHandles) {
  start();
  auto first = attached();
  auto second = attached();
  first->message(signInRequest("7001"));
  plugin.destroy();
  // Janus detaches them in any order; the plugin is gone and says so, no more.
  for (auto* handle : {first.get(), second.get()}) {
    handle->callEvenIfDetached();
    handle->setUpMedia();
    handle->incomingRtp(opusPacket(1));
    handle->hangUpMedia();
    EXPECT_FALSE(handle->message(signInRequest("7002")).none);
    handle->query();
    handle->detach();
    EXPECT_TRUE(handle->settle());
  }
}

TEST_F(PluginTest, EndsInAStormOfMessagesAndPackets) {
  start();
  std::vector<std::unique_ptr<FakeHandle>> handles;
  for (int i = 0; i < 4; ++i) handles.push_back(attached());
  std::atomic<bool> stopping{false};
  std::atomic<size_t> sent{0};
  std::vector<std::thread> storm;
  for (auto& handle : handles)
    storm.emplace_back([&, page = handle.get()] {
      for (uint16_t i = 0; !stopping; ++i) {
        page->message(signInRequest("7001"));
        page->incomingRtp(opusPacket(i));
        page->query();
        ++sent;
        page->settle();
      }
    });
  while (sent < 40) std::this_thread::yield();
  plugin.destroy();
  const size_t before = sent;
  while (sent < before + 8) std::this_thread::yield();
  stopping = true;
  for (std::thread& thread : storm) thread.join();
}

TEST_F(PluginTest, AdministratorsGarbageIsAnswered) {
  start();
  json_t* (*const ask)(json_t*) = plugin.table()->handle_admin_message;
  ASSERT_NE(ask, nullptr);
  for (const char* text :
       {"{}", "[]", "null", "1", R"("x")", R"({"request":1})", R"({"request":null})",
        R"({"request":"nonsense"})", R"({"request":"status","dn":{}})", R"({"request":["a"]})",
        R"({"request":"drain","on":"x"})", R"({"request":"trace","dn":[],"minutes":-1})",
        R"({"request":"hangup_call","call_id":7})", R"({"request":"register_dn","dn":""})"}) {
    const Json request(json_loads(text, JSON_DECODE_ANY, nullptr));
    const Json answer(ask(request.get()));
    EXPECT_TRUE(json_is_object(answer.get())) << text;
  }
  const Json none(ask(nullptr));
}

}  // namespace
}  // namespace genesys::harness
