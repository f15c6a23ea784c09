// The helper pages of a line: who may become one, and what becomes of them. SIP loop.
#include "plugin/gateway.hpp"
#include "plugin/line.hpp"
#include "plugin/session.hpp"
#include "util/log.hpp"
#include "util/secret_random.hpp"

namespace genesys::plugin {
namespace {

// A whole number that JavaScript holds exactly, not 0: whoever names it was told it by the gateway.
uint64_t guessProofId(const SecretRandom& secrets) {
  uint64_t number = 0;
  secrets({reinterpret_cast<uint8_t*>(&number), sizeof number});
  return (number & ((1ULL << 53) - 1)) | 1;
}

}  // namespace

void Line::drawMasterId() {
  masterId_ = guessProofId(gateway_.secrets());
}

bool Line::admitHelper(Session& helper, uint64_t masterId) {
  if (masterId_ == 0 || masterId != masterId_ || !ownership_.page()) return false;
  if (!hosts_.isHelper(helper.page())) hosts_.addHelper(helper.page());
  return true;
}

void Line::removeHelper(PageId page) {
  for (const std::string& id : ears_[page].heard)
    if (const auto leg = legs_.find(id); leg != legs_.end()) leg->second->join(nullptr);
  ears_.erase(page);
  hosts_.removeHelper(page);
}

void Line::helperLost(PageId page) {
  removeHelper(page);
  changed();
  watchAudio();
}

void Line::dismissHelpers(bool takenOver) {
  for (const PageId page : std::vector<PageId>(hosts_.helpers())) {
    removeHelper(page);
    if (Session* helper = gateway_.session(page)) helper->dismissed(takenOver);
  }
}

void Line::dialledBy(const Session* session) {
  dialling_ = session != nullptr && session->isHelper() ? Host(session->page()) : Host();
}

bool Line::hosts(const Session& session, const std::string& callId) const {
  const Host host = hosts_.hostOf(callId);
  return host ? *host == session.page() : !session.isHelper();
}

std::vector<api::CallInfo> Line::callsOf(const Session& session) {
  std::vector<api::CallInfo> infos;
  for (const sip::Call* call : dn_.calls())
    if (hosts(session, call->facts().id)) infos.push_back(describe(*call));
  return infos;
}

// A further call goes where no other call is, if there is such a page.
void Line::chooseHost(const std::string& callId) {
  for (const sip::Call* other : dn_.calls())
    if (other->facts().id != callId && other->live() && !hosts_.hostOf(other->facts().id))
      return hosts_.assign(callId, hosts_.freeHelper());
}

Session* Line::pageOf(const std::string& callId) const {
  const Host host = hosts_.hostOf(callId);
  return host ? gateway_.session(*host) : session();
}

}  // namespace genesys::plugin
