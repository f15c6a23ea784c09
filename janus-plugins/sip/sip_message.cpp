#include "sip/sip_message.hpp"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/url.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "sip/address.hpp"
#include "util/text.hpp"

namespace genesys::sip {
namespace {

constexpr size_t kMaxHeaders = 64;
constexpr size_t kMaxHeaderValue = 1024;
constexpr size_t kMaxBody = 16 * 1024;

struct HomeUnref {
  void operator()(su_home_t* home) const { su_home_unref(home); }
};

std::string orEmpty(const char* text) {
  return text == nullptr ? "" : text;
}

// sip:user@host:port without parameters; the parts are those of the parser, so they are clean.
std::string plainUri(const url_t* url) {
  if (url == nullptr || url->url_host == nullptr) return "";
  std::string out = url->url_scheme != nullptr ? url->url_scheme : "sip";
  out += ':';
  if (url->url_user != nullptr) out += orEmpty(url->url_user) + "@";
  out += url->url_host;
  if (url->url_port != nullptr) out += ":" + orEmpty(url->url_port);
  return out;
}

void readHeaders(const sip_t* sip, SipMessage& message) {
  const std::unique_ptr<su_home_t, HomeUnref> home(
      static_cast<su_home_t*>(su_home_new(sizeof(su_home_t))));
  const auto* first = reinterpret_cast<const sip_header_t*>(
      sip->sip_request != nullptr ? static_cast<const void*>(sip->sip_request)
                                  : static_cast<const void*>(sip->sip_status));
  for (const sip_header_t* h = first; h != nullptr;
       h = reinterpret_cast<const sip_header_t*>(h->sh_succ)) {
    if (message.headers.size() >= kMaxHeaders) break;
    if (sip_is_unknown(h)) {
      const sip_unknown_t* unknown = h->sh_unknown;
      message.headers.push_back({orEmpty(unknown->un_name), orEmpty(unknown->un_value)});
    } else if (h->sh_class->hc_name != nullptr && h->sh_class->hc_name[0] != '\0') {
      const char* value = sip_header_as_string(home.get(), h);
      message.headers.push_back({h->sh_class->hc_name, orEmpty(value)});
    } else {
      continue;  // request line, separator, payload
    }
    if (message.headers.back().value.size() > kMaxHeaderValue) message.headers.pop_back();
  }
}

SessionTimerHeaders readSessionTimer(const sip_t* sip) {
  using Refresher = SessionTimerHeaders::Refresher;
  SessionTimerHeaders timer;
  timer.supported = sip_has_feature(sip->sip_supported, "timer") != 0 ||
                    sip_has_feature(sip->sip_require, "timer") != 0;
  if (sip->sip_min_se != nullptr) timer.min = Seconds(sip->sip_min_se->min_delta);
  if (sip->sip_session_expires == nullptr) return timer;
  timer.expires = Seconds(sip->sip_session_expires->x_delta);
  const std::string refresher = orEmpty(sip->sip_session_expires->x_refresher);
  if (equalsIgnoreCase(refresher, "uac")) timer.refresher = Refresher::Uac;
  if (equalsIgnoreCase(refresher, "uas")) timer.refresher = Refresher::Uas;
  return timer;
}

}  // namespace

std::string_view SipMessage::header(std::string_view name) const {
  for (const SipHeader& header : headers)
    if (equalsIgnoreCase(header.name, name)) return header.value;
  return {};
}

SipMessage readMessage(const sip_s* sip) {
  SipMessage message;
  if (sip == nullptr) return message;
  if (sip->sip_status != nullptr) {
    message.status = sip->sip_status->st_status;
    message.phrase = orEmpty(sip->sip_status->st_phrase);
  }
  if (sip->sip_request != nullptr)
    message.requestUser = orEmpty(sip->sip_request->rq_url->url_user);
  if (sip->sip_from != nullptr) {
    message.fromUri = plainUri(sip->sip_from->a_url);
    message.fromName = unquote(orEmpty(sip->sip_from->a_display));
  }
  if (sip->sip_to != nullptr) message.toUri = plainUri(sip->sip_to->a_url);
  if (sip->sip_from != nullptr) message.fromTag = orEmpty(sip->sip_from->a_tag);
  if (sip->sip_to != nullptr) message.toTag = orEmpty(sip->sip_to->a_tag);
  if (sip->sip_call_id != nullptr) message.callId = orEmpty(sip->sip_call_id->i_id);
  if (sip->sip_event != nullptr) message.event = orEmpty(sip->sip_event->o_type);
  if (sip->sip_content_type != nullptr) {
    message.contentType = orEmpty(sip->sip_content_type->c_type);
    for (const auto* p = sip->sip_content_type->c_params; p != nullptr && *p != nullptr; ++p)
      message.contentType += fmt::format(";{}", *p);
  }
  if (sip->sip_payload != nullptr && sip->sip_payload->pl_data != nullptr)
    message.body.assign(sip->sip_payload->pl_data,
                        std::min<size_t>(sip->sip_payload->pl_len, kMaxBody));
  if (sip->sip_min_expires != nullptr) message.minExpires = Seconds(sip->sip_min_expires->me_delta);
  if (sip->sip_retry_after != nullptr) message.retryAfter = Seconds(sip->sip_retry_after->af_delta);
  message.sessionTimer = readSessionTimer(sip);
  message.allows = sip->sip_allow != nullptr;
  message.allowsUpdate =
      message.allows && sip_is_allowed(sip->sip_allow, sip_method_update, nullptr);
  message.requires100rel = sip_has_feature(sip->sip_require, "100rel") != 0;
  readHeaders(sip, message);
  message.reason = message.header("Reason");
  message.referTo = message.header("Refer-To");
  return message;
}

Seconds grantedExpiry(const sip_s* sip, std::string_view contactUri) {
  if (sip == nullptr) return Seconds(0);
  for (const sip_contact_t* m = sip->sip_contact; m != nullptr; m = m->m_next) {
    if (!sameContact(plainUri(m->m_url), contactUri)) continue;
    if (m->m_expires != nullptr) return Seconds(std::strtoul(m->m_expires, nullptr, 10));
    return Seconds(sip->sip_expires != nullptr ? sip->sip_expires->ex_delta : 0);
  }
  return Seconds(0);
}

}  // namespace genesys::sip
