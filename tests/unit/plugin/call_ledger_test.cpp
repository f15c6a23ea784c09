// A record for every INVITE, whichever way its call goes; and the figures that are made of them.
#include "plugin/call_ledger.hpp"

#include "plugin/gateway_fixture.hpp"

namespace genesys::plugin {
namespace {

using test::GatewayFixture;
using testing::HasSubstr;
using testing::Not;

class CallLedgerTest : public GatewayFixture {
 protected:
  /// Lets calls that are over be destroyed.
  void settle() { scheduler.advance(Millis(10)); }
  std::string figures() {
    return gateway->measures().text(readingsOf(*gateway, std::chrono::milliseconds(5)));
  }
  void expect(const std::string& line) { EXPECT_THAT(figures(), HasSubstr(line + "\n")); }
  void expectCall(const char* direction, const char* outcome, int code, int count = 1) {
    expect("janus_genesys_calls_total{code=\"" + std::to_string(code) + "\",direction=\"" +
           direction + "\",outcome=\"" + outcome + "\"} " + std::to_string(count));
  }
  std::shared_ptr<sip::test::Wire> dial(const Page& page) {
    agent->wire = std::make_shared<sip::test::Wire>();
    ask(page, api::Call{"5551234", {}, false});
    page.janus->expect("calling");
    return agent->wire;
  }
};

TEST_F(CallLedgerTest, ACallIsCountedOnceItIsOver) {
  const Page page = signInWithAudio();
  const auto wire = talk(page);
  expect("janus_genesys_calls{direction=\"in\",state=\"established\"} 1");
  expect("janus_genesys_call_codecs{browser_codec=\"opus/48000/2\",sip_codec=\"PCMU/8000\"} 1");
  EXPECT_THAT(figures(), Not(HasSubstr("janus_genesys_calls_total{")));
  scheduler.advance(Millis(4000));
  wire->receive(sip::ByeReceived{sip::test::request()});
  settle();
  expectCall("in", "answered", 200);
  expect("janus_genesys_call_answer_seconds_count{direction=\"in\"} 1");
  expect("janus_genesys_call_duration_seconds_sum{direction=\"in\"} 4");
  expect("janus_genesys_rtp_packets_total{leg=\"sip\",way=\"received\"} 0");
  expect("janus_genesys_calls{direction=\"in\",state=\"established\"} 0");
}

TEST_F(CallLedgerTest, CallsThatNeverWereAreCountedToo) {
  invite("7999");  // nothing of that name
  invite("7001");  // nobody is signed in
  const Page page = signInWithAudio();
  const auto caller = invite();
  page.janus->expect("incomingcall");
  caller->receive(sip::CancelReceived{sip::test::request()});
  settle();
  const auto declined = invite();
  page.janus->expect("incomingcall");
  ask(page, api::Decline{});
  settle();
  expectCall("in", "rejected", 404);
  expectCall("in", "unavailable", 480);
  expectCall("in", "cancelled", 487);
  expectCall("in", "busy", 486);
}

TEST_F(CallLedgerTest, AnUnansweredCallIsCountedWhenItsTimeIsOver) {
  const Page page = signInWithAudio();
  invite();
  scheduler.advance(config.agent.ringTimeout + Millis(100));
  expectCall("in", "no_answer", 480);
  expect("janus_genesys_call_setup_seconds_count{direction=\"in\"} 1");
}

TEST_F(CallLedgerTest, OutgoingCallsHaveTheirFinalStatus) {
  const Page page = signInWithAudio();
  const auto busy = dial(page);
  busy->receive(sip::InviteAnswered{sip::test::response(180)});
  busy->receive(sip::InviteAnswered{sip::test::response(486)});
  settle();
  const auto silent = dial(page);
  scheduler.advance(config.sip.transactionTimeout + Millis(100));
  silent->receive(sip::DialogTerminated{});
  settle();
  const auto given = dial(page);
  given->receive(sip::InviteAnswered{sip::test::response(180)});
  ask(page, api::Hangup{});
  given->receive(sip::InviteAnswered{sip::test::response(487)});
  settle();
  expectCall("out", "busy", 486);
  expectCall("out", "unavailable", 0);
  expectCall("out", "cancelled", 487);
  expect("janus_genesys_call_setup_seconds_count{direction=\"out\"} 2");
}

TEST_F(CallLedgerTest, RegistersAndRefusalsAreCounted) {
  signIn();
  const Page page = open();
  ask(page, credentials("7002", "wrong"));
  page.janus->expect("error bad_credential");
  expect("janus_genesys_registers_total{code=\"200\",site=\"1\"} 1");
  expect("janus_genesys_refused_requests_total{error=\"bad_credential\"} 1");
  expect("janus_genesys_dns{reason=\"\",state=\"registered\"} 1");
  expect("janus_genesys_dns{reason=\"\",state=\"off\"} 1");
  expect("janus_genesys_pages 1");
}

TEST_F(CallLedgerTest, ADnThatFailsSaysWhyInAWord) {
  for (const auto& [status, reason] : std::map<int, std::string>{{403, "forbidden"},
                                                                 {404, "unknown_dn"},
                                                                 {401, "password"},
                                                                 {500, "server"},
                                                                 {420, "refused"}}) {
    reopen();
    ask(open(), credentials("7002"));
    sip::RegistrationMachine::Answer refusal;
    refusal.status = status;
    agent->port->answer(refusal);
    expect("janus_genesys_dns{reason=\"" + reason + "\",state=\"failed\"} 1");
  }
  reopen();
  ask(open(), credentials("7002"));
  scheduler.advance(config.sip.transactionTimeout);
  expect("janus_genesys_dns{reason=\"no_answer\",state=\"failed\"} 1");
  expect("janus_genesys_registers_total{code=\"0\",site=\"1\"} 1");
  agent->fault = "its certificate has expired";
  expect("janus_genesys_dns{reason=\"connection\",state=\"failed\"} 1");
}

TEST_F(CallLedgerTest, LoadAndQueuesAreRead) {
  expect("janus_genesys_queue_depth{queue=\"events\"} 0");
  expect("janus_genesys_sip_loop_delay_seconds 0.005");
  expect("janus_genesys_sip_server_up{site=\"1\"} 1");
  expect("janus_genesys_sip_server_in_use{server=\"192.0.2.81:5060\",site=\"1\"} 1");
  expect("janus_genesys_refused_calls_total{cause=\"limit\"} 0");
  EXPECT_THAT(figures(), Not(HasSubstr("cdr")));
}

}  // namespace
}  // namespace genesys::plugin
