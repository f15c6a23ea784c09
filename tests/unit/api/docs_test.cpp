// docs/api.md is the contract: its examples are parsed, compared and counted here.
#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

#include "json_text.hpp"

namespace genesys::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Example {
  std::string kind;  ///< "request", "event", "refused" or "error"
  std::string name;
  std::string json;
};

/// The fenced blocks behind lines such as "<!-- example: request register -->".
std::vector<Example> examples() {
  std::ifstream file(API_DOCUMENT);
  std::vector<Example> found;
  const std::string mark = "<!-- example: ";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(mark)) continue;
    Example example;
    std::istringstream(line.substr(mark.size())) >> example.kind >> example.name;
    std::getline(file, line);
    EXPECT_EQ(line, "```json") << "after the mark of " << example.name;
    while (std::getline(file, line) && line != "```") example.json += line + "\n";
    found.push_back(example);
  }
  EXPECT_GT(found.size(), 50U) << "of " << API_DOCUMENT;
  return found;
}

std::vector<Example> examplesOf(const std::string& kind) {
  std::vector<Example> found;
  for (auto& example : examples())
    if (example.kind == kind) found.push_back(example);
  return found;
}

std::string document() {
  std::ifstream file(API_DOCUMENT);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Json offer() {
  return parsed(R"({"type":"offer","sdp":"v=0\r\n"})");
}

SignedIn sampleSession(bool withCall) {
  SignedIn session;
  session.iceServers = {{{"stun:a"}, "", ""}, {{"turn:b"}, "user", "credential"}};
  session.tokenExpiresIn = seconds(1);
  if (withCall) {
    session.calls.resize(1);
    session.calls[0].headers = {{"X-Genesys-CallUUID", "u"}};
    session.calls[0].srtp = "s";
  } else {
    session.ignored = {"a", "b"};
  }
  return session;
}

std::vector<Event> sampleEvents() {
  const Headers headers{{"X-Genesys-CallUUID", "u"}};
  const milliseconds immediately(0);
  return {
      Registering{sampleSession(false)},
      Registered{sampleSession(true)},
      RegistrationFailed{},
      Unregistered{},
      TakenOver{},
      Draining{},
      IncomingCall{"c", "u", "n", "c", "u", headers, {"r", "p", "a", "d", "h"}, immediately, "s"},
      Calling{"c", "t", "s"},
      Proceeding{},
      Ringing{},
      Progress{},
      Accepting{},
      Accepted{"c", "u", headers, "s", "b", "u", "s"},
      Declining{},
      HangingUp{},
      HungUp{"c", 403, "Forbidden", "SIP;cause=403"},
      DigitSent{"c", '1'},
      DigitReceived{"c", '1', milliseconds(1)},
      AudioNews{"c", false, false, "r"},
      Updated{{"c"}},
      IceServersEvent{sampleSession(true).iceServers},
      Holding{},
      Resuming{},
      Merged{{"c", "d"}},
      CallChanged{"c", sampleSession(true).calls[0]},
      UpdateFailed{},
      Talk{"c", true, "audio"},
      Transferring{},
      TransferProgress{},
      TransferAsked{"c", 1, "t", "b", "r", false},
      InfoSent{},
      MessageSent{"c"},
      MessageDelivery{"c", 200, "OK"},
      InfoReceived{"c", {"s", "n", "t", "c", headers}},
      MessageReceived{"c", {"s", "n", "t", "c", headers}},
      Unregistering{},
      Subscribing{"e", "t"},
      SubscribeSucceeded{"e", "t", 200},
      SubscribeFailed{},
      Unsubscribing{},
      Notify{"", "e", "t", "active", {"s", "n", "t", "c", headers}},
      CallDenied{"c", 1, "t", ErrorCode::DestinationDenied, "r"},
      RecordingUpdated{"c", "stopped", {"f"}, "r", milliseconds(1), milliseconds(0)},
      VolumeChanged{"c", {true, false, 6, -3}}};
}

std::string eventName(const Json& json) {
  const char* name =
      json_string_value(json_object_get(json_object_get(json.get(), "result"), "event"));
  return name ? name : "";
}

/// Names, types and nesting, without the values.
std::string shapeOf(json_t* json) {
  if (json_is_object(json)) {
    std::string out;
    std::set<std::string> members;
    const char* key = nullptr;
    json_t* value = nullptr;
    json_object_foreach(json, key, value) members.insert(std::string(key) + ":" + shapeOf(value));
    for (const auto& member : members) out += (out.empty() ? "" : ",") + member;
    return "{" + out + "}";
  }
  if (json_is_array(json)) {
    std::string out = "[";
    for (size_t i = 0; i < json_array_size(json); ++i)
      out += shapeOf(json_array_get(json, i)) + " ";
    return out + "]";
  }
  return json_is_string(json) ? "text" : json_is_integer(json) ? "number" : "other";
}

TEST(ApiDocument, EveryRequestExampleIsAccepted) {
  std::set<size_t> kinds;
  for (const auto& example : examplesOf("request")) {
    const Json body = parsed(example.json);
    EXPECT_EQ(json_string_value(json_object_get(body.get(), "request")), example.name);
    const Json jsep = example.name == "update" ? offer() : nullptr;
    const auto request = parseRequest(body.get(), jsep.get());
    EXPECT_TRUE(request) << example.json << (request ? "" : request.error().message);
    if (request) kinds.insert(request->action.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Action>) << "a request has no example";
}

TEST(ApiDocument, EveryEventExampleHasTheShapeOfTheEvent) {
  std::map<std::string, std::string> shapes;
  std::set<size_t> kinds;
  for (const auto& event : sampleEvents()) {
    const Json json = toJson(event);
    shapes[eventName(json)] = shapeOf(json.get());
    kinds.insert(event.index());
  }
  ASSERT_EQ(kinds.size(), std::variant_size_v<Event>) << "sampleEvents() lacks one";
  ASSERT_EQ(shapes.size(), std::variant_size_v<Event>) << "two events have one name";
  std::set<std::string> documented;
  for (const auto& example : examplesOf("event")) {
    const Json json = parsed(example.json);
    EXPECT_EQ(eventName(json), example.name);
    EXPECT_EQ(shapeOf(json.get()), shapes[example.name]) << example.name;
    documented.insert(example.name);
  }
  for (const auto& [name, shape] : shapes)
    EXPECT_TRUE(documented.contains(name)) << name << " has no example";
}

TEST(ApiDocument, EveryErrorHasARowAndAnExample) {
  std::map<std::string, Json> shown;
  for (const auto& example : examplesOf("error")) shown[example.name] = parsed(example.json);
  const std::string text = document();
  size_t codes = 0;
  for (int number = 400; number < 600; ++number) {
    const auto code = static_cast<ErrorCode>(number);
    const std::string name = errorName(code);
    if (name == "unknown") continue;
    ++codes;
    EXPECT_NE(text.find("| " + std::to_string(number) + " | `" + name + "` |"), std::string::npos)
        << name << " has no row";
    const json_t* example = shown[name].get();
    ASSERT_TRUE(example) << name << " has no example";
    const char* message = json_string_value(json_object_get(example, "error"));
    const char* field = json_string_value(json_object_get(example, "field"));
    ASSERT_TRUE(message) << name;
    EXPECT_EQ(printed(shown[name]), printed(toJson(ApiError{code, message, field ? field : ""})));
  }
  EXPECT_EQ(codes, shown.size()) << "an example is of no error";
}

TEST(ApiDocument, RefusedRequestsGetTheErrorThatIsShown) {
  std::map<std::string, std::string> shown;
  for (const auto& example : examplesOf("error"))
    shown[example.name] = printed(parsed(example.json));
  const auto refused = examplesOf("refused");
  EXPECT_EQ(refused.size(), 6U) << "one for each error of parseRequest()";
  for (const auto& example : refused) {
    const auto request = parseRequest(parsed(example.json).get(), nullptr);
    ASSERT_FALSE(request) << example.json;
    EXPECT_EQ(printed(toJson(request.error())), shown[example.name]);
  }
}

}  // namespace
}  // namespace genesys::api
