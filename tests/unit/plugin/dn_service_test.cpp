#include "plugin/dn_service.hpp"

#include <gmock/gmock.h>

#include <set>

namespace genesys::plugin {
namespace {

using Phase = sip::RegistrationState::Phase;

class DnServiceTest : public testing::Test {
 protected:
  DnServiceTest() {
    facts.dn = "7001";
    facts.server = "sip.example.com";
    facts.state.phase = Phase::Off;
  }
  void fail(int code, const std::string& reason) {
    facts.state = {Phase::Failed, code, reason, Millis(3200), Seconds(0)};
  }
  void says(DnCause cause, const std::string& sentence) {
    const DnService service = explainDn(facts);
    EXPECT_EQ(service.sentence, "DN 7001 " + sentence);
    EXPECT_EQ(causeName(service.cause), std::string(causeName(cause)));
  }
  DnFacts facts;
};

TEST_F(DnServiceTest, InService) {
  facts.state = {Phase::Registered, 200, "", Millis(0), Seconds(1800)};
  facts.subject = "alice";
  says(DnCause::Registered,
       "is in service: it is registered at SIP Server, and alice is signed in.");
  facts.subject.clear();
  says(DnCause::Registered,
       "is in service: it is registered at SIP Server, and nobody is signed in, so that calls get "
       "480.");
  EXPECT_TRUE(explainDn(facts).inService());
}

TEST_F(DnServiceTest, WhatIsDecidedHere) {
  says(DnCause::NoAgent,
       "is not in service: no agent is signed in, and it registers only while one is.");
  facts.switchedOff = true;
  says(DnCause::SwitchedOff,
       "is not in service: an operator has unregistered it; 'register' brings it back.");
  facts.retirement = Retirement::Draining;
  says(DnCause::Draining, "is not in service: this gateway is draining.");
  facts.retirement = Retirement::Removed;
  says(DnCause::Removed, "is not in service: it was taken out of the configuration.");
  facts.configured = false;
  says(DnCause::NotConfigured, "is not in service: this gateway's configuration does not have it.");
}

TEST_F(DnServiceTest, StaticContact) {
  facts.registerWhen = settings::RegisterWhen::Never;
  says(DnCause::StaticContact,
       "is in service: it never registers, since SIP Server has this gateway's address as its "
       "contact.");
  facts.retirement = Retirement::Draining;
  EXPECT_FALSE(explainDn(facts).inService());
}

TEST_F(DnServiceTest, WhatSipServerSays) {
  fail(404, "404 Not Found: SIP Server does not know this DN");
  says(DnCause::UnknownDn,
       "is not in service: 404 Not Found: SIP Server does not know this DN; add it there as a DN, "
       "or take it out of the configuration here (tried again within 4 s).");
  fail(403, "403 Forbidden: SIP Server forbids this DN to register");
  says(DnCause::Forbidden,
       "is not in service: 403 Forbidden: SIP Server forbids this DN to register; look at the DN's "
       "options there (tried again within 4 s).");
  fail(401, "401 Unauthorized: SIP Server asks for a password and none is configured");
  says(DnCause::NoPassword,
       "is not in service: 401 Unauthorized: SIP Server asks for a password and none is "
       "configured; give the DN its 'password' here (tried again within 4 s).");
  facts.hasPassword = true;
  EXPECT_EQ(explainDn(facts).cause, DnCause::WrongPassword);
  fail(503, "503 Service Unavailable: SIP Server is not in service");
  EXPECT_EQ(explainDn(facts).cause, DnCause::ServerDown);
  fail(500, "500 Oops");
  says(DnCause::Refused, "is not in service: 500 Oops (tried again within 4 s).");
}

TEST_F(DnServiceTest, WhatKeepsSipServerFromAnswering) {
  fail(0, "no answer from SIP Server");
  says(DnCause::NoAnswer,
       "is not in service: sip.example.com does not answer; look at the network and the firewall "
       "between here and there (tried again within 4 s).");
  fail(0, "TLS with 192.0.2.81:5061: the certificate is not trusted");
  says(DnCause::NoConnection,
       "is not in service: there is no connection to sip.example.com: TLS with 192.0.2.81:5061: "
       "the certificate is not trusted (tried again within 4 s).");
  facts.addressKnown = false;
  says(DnCause::NoAddress, "is not in service: DNS gives no address for sip.example.com.");
}

TEST_F(DnServiceTest, OnItsWay) {
  facts.state.phase = Phase::Registering;
  says(DnCause::Registering,
       "is not in service: it is being registered, and SIP Server has not answered yet.");
  facts.state.phase = Phase::Unregistering;
  says(DnCause::Unregistering, "is not in service: it is being unregistered.");
}

TEST(DnCauses, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (int cause = 0; cause <= static_cast<int>(DnCause::Refused); ++cause)
    names.insert(causeName(static_cast<DnCause>(cause)));
  EXPECT_EQ(names.size(), static_cast<size_t>(DnCause::Refused) + 1);
}

}  // namespace
}  // namespace genesys::plugin
