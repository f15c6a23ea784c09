// The one place where legs meet: a browser leg with one SIP leg, or with several in a mix. Worker
// only; all legs are on the same one.
#pragma once

#include <string>

#include "media/browser_session.hpp"
#include "media/sip_session.hpp"

namespace genesys::media {

/// Lets both hear each other; whatever either was joined with is parted first.
void join(SipSession& sip, BrowserSession& browser, MonoTime now);
/// Takes the SIP leg into the conversation that the browser leg has already. The mix, if there is
/// one then, is browser.mix(): the worker has to run it.
void joinMix(SipSession& sip, BrowserSession& browser, MonoTime now);
/// Leaves the leg alone: a SIP leg's far end then hears comfort noise.
void part(SipSession& sip, MonoTime now);
void part(BrowserSession& browser, MonoTime now);

/// Both directions of the leg's media, in packet order, for the log.
std::string describePath(const SipSession& sip);

}  // namespace genesys::media
