#include "call/call_table.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kKeptAfterEnd = 1000;

}  // namespace

void CallTable::add(const std::shared_ptr<Call>& call) {
  active_[call->id()] = call;
  call->onOver = [this](Call& over) {
    const auto found = active_.find(over.id());
    if (found == active_.end()) return;
    ended_.push_back(found->second);
    active_.erase(found);
    if (ended_.size() > kKeptAfterEnd) ended_.pop_front();
  };
}

std::shared_ptr<Call> CallTable::find(const std::string& id) const {
  if (const auto found = active_.find(id); found != active_.end()) return found->second;
  for (const auto& call : ended_)
    if (call->id() == id) return call;
  return nullptr;
}

std::shared_ptr<Leg> CallTable::legOf(const SipMessage& message) const {
  for (const auto& [id, call] : active_)
    for (const auto& leg : call->legs())
      if (leg->owns(message)) return leg;
  // A BYE that crossed ours, or an ACK after it.
  for (const auto& call : ended_)
    for (const auto& leg : call->legs())
      if (leg->owns(message)) return leg;
  return nullptr;
}

std::pair<std::shared_ptr<Call>, std::shared_ptr<Leg>> CallTable::dialog(
    const ReplacesValue& value) const {
  for (const auto& [id, call] : active_)
    for (const auto& leg : call->legs()) {
      const Dialog& dialog = leg->dialog();
      if (dialog.callId == value.callId && dialog.localTag == value.toTag &&
          dialog.remoteTag == value.fromTag)
        return {call, leg};
    }
  return {};
}

}  // namespace genesys::sim
