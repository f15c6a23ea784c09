// What a page may send, however malformed: each request is acknowledged and answered by one event
// that names what is wrong. Nobody is at SIP Server's address.
#include "harness/genesys_fixture.hpp"

namespace genesys::harness {
namespace {

using testing::HasSubstr;
using testing::Not;

class MessagesTest : public GenesysTest {
 protected:
  MessagesTest() {
    start();
    handle = attached();
  }
  /// Sends it and returns the error event that answers it.
  Event refusal(const std::string& body, const std::string& jsepType = "",
                const std::string& sdp = "") {
    const std::string id = "t" + std::to_string(++sent_);
    EXPECT_EQ(handle->message(body, id, jsepType, sdp).type, JANUS_PLUGIN_OK_WAIT) << body;
    const auto event = handle->events().answerTo(id);
    EXPECT_TRUE(event && event->name == "error") << body;
    return event.value_or(Event{});
  }
  /// The same with JSEP that is no object of two strings.
  int refusedJsep(const std::string& request, const char* jsep) {
    const std::string id = "t" + std::to_string(++sent_);
    handle->messageRaw(id.c_str(), json_loads(request.c_str(), 0, nullptr),
                       json_loads(jsep, JSON_DECODE_ANY, nullptr));
    return handle->events().answerTo(id).value_or(Event{}).errorCode;
  }
  std::unique_ptr<FakeHandle> handle;

 private:
  int sent_ = 0;
};

struct Malformed {
  const char* body;
  int code;
  const char* field;
};
class MalformedTest : public MessagesTest, public testing::WithParamInterface<Malformed> {};

TEST_P(MalformedTest, IsRefusedByName) {
  const Event event = refusal(GetParam().body);
  EXPECT_EQ(event.errorCode, GetParam().code) << event.body;
  EXPECT_EQ(event.errorField, GetParam().field) << event.body;
}

INSTANTIATE_TEST_SUITE_P(
    Json, MalformedTest,
    testing::Values(
        Malformed{"null", 441, ""}, Malformed{"[]", 441, ""}, Malformed{"7", 441, ""},
        Malformed{R"("register")", 441, ""}, Malformed{"{}", 443, "request"},
        Malformed{R"({"request":null})", 444, "request"},
        Malformed{R"({"request":{}})", 444, "request"},
        Malformed{R"({"request":"REGISTER"})", 442, "request"},
        Malformed{R"({"request":"register\u0000x"})", 442, "request"},
        Malformed{R"({"request":"register"})", 443, "username"},
        Malformed{R"({"request":"register","username":7001})", 444, "username"},
        Malformed{R"({"request":"register","username":""})", 444, "username"},
        Malformed{R"({"request":"register","username":"7001"})", 443, "token"},
        Malformed{R"({"request":"register","username":"7001","secret":[]})", 444, "secret"},
        Malformed{R"({"request":"register","username":"70\r\n01","secret":"x"})", 444, "username"},
        Malformed{R"({"request":"register","username":"7001","secret":"x\u0000y"})", 444, "secret"},
        Malformed{R"({"request":"register","username":"7001","secret":"wrong"})", 460, "secret"},
        Malformed{R"({"request":"call","uri":"5551234"})", 447, ""},
        Malformed{R"({"request":"accept"})", 447, ""},
        Malformed{R"({"request":"decline","code":"486"})", 444, "code"},
        Malformed{R"({"request":"decline","code":200})", 444, "code"},
        Malformed{R"({"request":"decline","code":1e300})", 444, "code"},
        Malformed{R"({"request":"hangup","call_id":7})", 444, "call_id"},
        Malformed{R"({"request":"dtmf_info","digit":"12"})", 444, "digit"},
        Malformed{R"({"request":"dtmf_info","digit":"1","duration":-1})", 444, "duration"},
        Malformed{R"({"request":"update"})", 448, "jsep"},
        Malformed{R"({"request":"query"})", 447, ""},
        Malformed{R"({"request":"ice_servers"})", 447, ""},
        Malformed{R"({"request":"unregister"})", 447, ""}));

TEST_F(MessagesTest, OverlongTextsAreRefused) {
  const std::string huge(1'000'000, 'x');
  EXPECT_EQ(
      refusal(R"({"request":"register","username":")" + huge + R"(","secret":"y"})").errorField,
      "username");
  EXPECT_EQ(
      refusal(R"({"request":"register","username":"7001","secret":")" + huge + R"("})").errorField,
      "secret");
  const Event unknown = refusal(R"({"request":")" + huge + R"("})");
  EXPECT_EQ(unknown.errorCode, 442);
  EXPECT_LT(unknown.body.size(), 1000u);
}

TEST_F(MessagesTest, DeepNestingIsHarmless) {
  std::string deep(2000, '[');
  deep += std::string(2000, ']');
  EXPECT_EQ(refusal(R"({"request":"register","username":)" + deep + "}").errorField, "username");
}

TEST_F(MessagesTest, MalformedJsepIsRefused) {
  const std::string request = signInRequest("7001");
  for (const char* jsep : {"[]", "1", R"({"type":"offer"})", R"({"sdp":"v=0"})",
                           R"({"type":1,"sdp":"v=0"})", R"({"type":"offer","sdp":{}})",
                           R"({"type":"answer","sdp":"v=0"})", R"({"type":"offer","sdp":""})"})
    EXPECT_THAT(refusedJsep(request, jsep), testing::AnyOf(443, 444)) << jsep;
}

TEST_F(MessagesTest, SdpThatIsOfNoUseIsRefused) {
  const std::string request = signInRequest("7001");
  for (const std::string& sdp :
       {std::string("nonsense"), std::string("v=0\r\n"), std::string("v=0\r\nm=audio x\r\n"),
        std::string("v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"),
        "v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\n" + std::string(15'000, 'x')})
    EXPECT_EQ(refusal(request, "offer", sdp).errorCode, 452) << sdp.substr(0, 60);
  EXPECT_EQ(refusal(request, "offer", std::string(100'000, 'v')).errorCode, 444);
}

TEST_F(MessagesTest, NothingAtAllIsAnswered) {
  handle->messageRaw(nullptr, nullptr, nullptr);
  const auto event = handle->events().take("error");
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->errorCode, 441);
  EXPECT_EQ(event->transaction, "");
}

TEST_F(MessagesTest, AnswersComeInTheOrderOfTheRequests) {
  for (int i = 0; i < 200; ++i) handle->message("{}", "n" + std::to_string(i));
  for (int i = 0; i < 200; ++i) {
    const auto event = handle->events().take([](const Event&) { return true; });
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->transaction, "n" + std::to_string(i));
  }
}

TEST_F(MessagesTest, SecretsAreNotLogged) {
  refusal(R"({"request":"register","username":"7001","secret":"my-wrong-secret-77"})");
  handle->message(signInRequest("7001"), "good");
  ASSERT_TRUE(handle->events().answerTo("good").has_value());
  EXPECT_THAT(LogBook::instance().text(), Not(HasSubstr("my-wrong-secret-77")));
  EXPECT_THAT(LogBook::instance().text(), Not(HasSubstr(kAgentPassword)));
}

TEST_F(MessagesTest, AFailedRegistrationReachesThePageInWords) {
  handle->message(signInRequest("7001"), "in");
  const auto answer = handle->events().answerTo("in");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->name, "registering");
  const auto failed = handle->events().take("registration_failed");
  ASSERT_TRUE(failed.has_value());
  EXPECT_NE(failed->text("reason"), "");
  EXPECT_GT(failed->number("retry_in"), 0);
}

}  // namespace
}  // namespace genesys::harness
