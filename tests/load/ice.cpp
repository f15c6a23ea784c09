#include "ice.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <nice/agent.h>

#include <algorithm>
#include <cstring>

namespace genesys::load {
namespace {

constexpr guint kComponent = 1;  // RTP and RTCP share it (rtcp-mux)

std::string foundationOf(const NiceCandidate& candidate) {
  return {candidate.foundation, strnlen(candidate.foundation, sizeof candidate.foundation)};
}

Candidate fromNice(const NiceCandidate& candidate) {
  char text[NICE_ADDRESS_STRING_LEN] = {};
  nice_address_to_string(&candidate.addr, text);
  return {foundationOf(candidate), text, candidate.priority,
          static_cast<uint16_t>(nice_address_get_port(&candidate.addr))};
}

NiceCandidate* toNice(const Candidate& candidate, guint stream) {
  NiceCandidate* nice = nice_candidate_new(NICE_CANDIDATE_TYPE_HOST);
  nice->stream_id = stream;
  nice->component_id = kComponent;
  nice->transport = NICE_CANDIDATE_TRANSPORT_UDP;
  nice->priority = candidate.priority;
  g_strlcpy(nice->foundation, candidate.foundation.c_str(), sizeof nice->foundation);
  if (!nice_address_set_from_string(&nice->addr, candidate.address.c_str())) {
    nice_candidate_free(nice);
    return nullptr;
  }
  nice_address_set_port(&nice->addr, candidate.port);
  return nice;
}

void freeCandidates(GSList* list) {
  g_slist_free_full(list,
                    [](gpointer one) { nice_candidate_free(static_cast<NiceCandidate*>(one)); });
}

}  // namespace

IceLoop::IceLoop() : context_(g_main_context_new()) {}

void IceLoop::turn() {
  while (g_main_context_iteration(context_.get(), FALSE) != FALSE) {
  }
}

void IceLoop::Free::operator()(_GMainContext* context) const {
  g_main_context_unref(context);
}

void Ice::Free::operator()(_NiceAgent* agent) const {
  g_object_unref(agent);
}

Result<std::unique_ptr<Ice>> Ice::create(IceLoop& loop, const std::string& address,
                                         Observer observer) {
  std::unique_ptr<Ice> ice(new Ice(std::move(observer)));
  if (!ice->open(loop, address)) return Failure{"ICE: cannot gather at " + address};
  return ice;
}

bool Ice::open(IceLoop& loop, const std::string& address) {
  agent_.reset(nice_agent_new(loop.context(), NICE_COMPATIBILITY_RFC5245));
  g_object_set(agent_.get(), "controlling-mode", TRUE, "upnp", FALSE, "ice-tcp", FALSE, nullptr);
  NiceAddress local;
  nice_address_init(&local);
  if (!nice_address_set_from_string(&local, address.c_str())) return false;
  nice_agent_add_local_address(agent_.get(), &local);
  stream_ = nice_agent_add_stream(agent_.get(), kComponent);
  g_signal_connect(agent_.get(), "candidate-gathering-done", G_CALLBACK(&Ice::onGathered), this);
  g_signal_connect(agent_.get(), "component-state-changed", G_CALLBACK(&Ice::onState), this);
  nice_agent_attach_recv(agent_.get(), stream_, kComponent, loop.context(), &Ice::onReceived, this);
  return nice_agent_gather_candidates(agent_.get(), stream_) != FALSE;
}

Ice::~Ice() {
  g_signal_handlers_disconnect_by_data(agent_.get(), this);
  nice_agent_remove_stream(agent_.get(), stream_);
}

void Ice::onGathered(_NiceAgent*, unsigned, void* self) {
  static_cast<Ice*>(self)->observer_.gathered();
}

void Ice::onState(_NiceAgent*, unsigned, unsigned, unsigned state, void* self) {
  if (state == NICE_COMPONENT_STATE_READY) static_cast<Ice*>(self)->observer_.connected();
  if (state == NICE_COMPONENT_STATE_FAILED) static_cast<Ice*>(self)->observer_.failed();
}

void Ice::onReceived(_NiceAgent*, unsigned, unsigned, unsigned octets, char* data, void* self) {
  static_cast<Ice*>(self)->observer_.received({reinterpret_cast<uint8_t*>(data), octets});
}

IceCredentials Ice::credentials() const {
  gchar* user = nullptr;
  gchar* password = nullptr;
  nice_agent_get_local_credentials(agent_.get(), stream_, &user, &password);
  IceCredentials found{user, password};
  g_free(user);
  g_free(password);
  return found;
}

std::vector<Candidate> Ice::candidates() const {
  GSList* const list = nice_agent_get_local_candidates(agent_.get(), stream_, kComponent);
  std::vector<Candidate> found;
  for (GSList* at = list; at != nullptr; at = at->next)
    found.push_back(fromNice(*static_cast<NiceCandidate*>(at->data)));
  freeCandidates(list);
  return found;
}

void Ice::setRemote(const IceCredentials& credentials) {
  nice_agent_set_remote_credentials(agent_.get(), stream_, credentials.user.c_str(),
                                    credentials.password.c_str());
}

void Ice::add(const std::vector<Candidate>& candidates) {
  GSList* list = nullptr;
  for (const Candidate& one : candidates)
    if (NiceCandidate* nice = toNice(one, stream_)) list = g_slist_append(list, nice);
  if (list != nullptr) nice_agent_set_remote_candidates(agent_.get(), stream_, kComponent, list);
  freeCandidates(list);
}

bool Ice::send(std::span<const uint8_t> datagram) {
  return nice_agent_send(agent_.get(), stream_, kComponent, static_cast<guint>(datagram.size()),
                         reinterpret_cast<const gchar*>(datagram.data())) > 0;
}

Result<Ice::Way> Ice::way() const {
  NiceCandidate* local = nullptr;
  NiceCandidate* remote = nullptr;
  GSocket* const socket = nice_agent_get_selected_socket(agent_.get(), stream_, kComponent);
  if (socket == nullptr ||
      !nice_agent_get_selected_pair(agent_.get(), stream_, kComponent, &local, &remote))
    return Failure{std::string("ICE: no pair is selected")};
  const Candidate far = fromNice(*remote);
  const auto address = addressOf(far.address, far.port);
  if (!address) return Failure{address.error()};
  UniqueFd copy(fcntl(g_socket_get_fd(socket), F_DUPFD_CLOEXEC, 0));
  if (!copy) return Failure{std::string("ICE: ") + std::strerror(errno)};
  const auto times = wantTimes(copy.get());
  if (!times) return Failure{times.error()};
  return Way{std::move(copy), address.value()};
}

}  // namespace genesys::load
