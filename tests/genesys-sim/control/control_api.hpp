// The talkative control interface: each route of the HTTP server as a call of the SIP server. Main
// thread. The routes are described in the README.
#pragma once

#include <string>
#include <vector>

#include "control/http_server.hpp"
#include "sip_server.hpp"

namespace genesys::sim {

class ControlApi {
 public:
  explicit ControlApi(SipServer& server) : server_(server) {}
  void handle(const HttpRequest& request, const HttpReply& reply);

 private:
  struct Route;
  static const std::vector<Route>& routes();

  using Parts = std::vector<std::string>;  // of the path, the variable ones too
  void status(const HttpRequest&, const Parts&, const HttpReply& reply);
  void registrations(const HttpRequest&, const Parts&, const HttpReply& reply);
  void removeRegistration(const HttpRequest&, const Parts& path, const HttpReply& reply);
  void calls(const HttpRequest&, const Parts&, const HttpReply& reply);
  void call(const HttpRequest&, const Parts& path, const HttpReply& reply);
  void makeCall(const HttpRequest& request, const Parts&, const HttpReply& reply);
  void hangUp(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void notify(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void reinvite(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void digits(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void play(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void probeCall(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void probeDn(const HttpRequest&, const Parts& path, const HttpReply& reply);
  void holdOrRetrieve(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void connect(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void desktopCall(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void complete(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void refer(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void sendText(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void refresh(const HttpRequest& request, const Parts& path, const HttpReply& reply);
  void fail(const HttpRequest& request, const Parts&, const HttpReply& reply);

  /// The dialog of the call with that DN's phone (of an empty name: with the phone that is called),
  /// or a 409 was replied.
  std::shared_ptr<Leg> phoneOf(const Call& call, const std::string& dn, const HttpReply& reply);
  void notifyPhone(const Call& call, const std::string& dn, const std::string& event,
                   const HttpReply& reply);
  /// The call of the path, or a 404 was replied.
  std::shared_ptr<Call> callOf(const Parts& path, const HttpReply& reply);

  SipServer& server_;
};

}  // namespace genesys::sim
