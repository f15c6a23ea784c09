#include "wire/sip_message.hpp"

#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/url.h>

#include <cctype>
#include <cstdlib>
#include <memory>
#include <utility>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

constexpr size_t kMaxMessage = 65536;  // bytes

struct MsgDestroy {
  void operator()(msg_t* msg) const { msg_destroy(msg); }
};
using MsgPtr = std::unique_ptr<msg_t, MsgDestroy>;

std::string text(const char* s) {
  return s ? s : "";
}

uint16_t portNumber(const char* digits) {
  const long value = digits ? std::strtol(digits, nullptr, 10) : 0;
  return value > 0 && value < 65536 ? static_cast<uint16_t>(value) : 0;
}

SipUri uriFrom(msg_t* msg, const url_t* url) {
  SipUri uri;
  uri.text = text(url_as_string(msg_home(msg), url));
  uri.user = text(url->url_user);
  uri.host = text(url->url_host);
  uri.port = portNumber(url->url_port);
  char transport[16] = "";
  if (url->url_params && url_param(url->url_params, "transport", transport, sizeof transport) > 0)
    uri.transport = transport;
  return uri;
}

/// RFC 3261 section 7.3.3.
std::string longName(std::string_view name) {
  static constexpr std::pair<char, const char*> kCompact[] = {{'f', "From"},
                                                              {'t', "To"},
                                                              {'i', "Call-ID"},
                                                              {'v', "Via"},
                                                              {'m', "Contact"},
                                                              {'l', "Content-Length"},
                                                              {'c', "Content-Type"},
                                                              {'k', "Supported"},
                                                              {'o', "Event"},
                                                              {'r', "Refer-To"},
                                                              {'b', "Referred-By"},
                                                              {'x', "Session-Expires"},
                                                              {'e', "Content-Encoding"},
                                                              {'s', "Subject"}};
  if (name.size() == 1)
    for (const auto& [letter, full] : kCompact)
      if (std::tolower(static_cast<unsigned char>(name[0])) == letter) return full;
  return std::string(name);
}

void splitHeaders(std::string_view head, std::vector<RawHeader>& headers) {
  size_t line = head.find("\r\n");  // skips the start line
  while (line != std::string_view::npos && line + 2 < head.size()) {
    const size_t begin = line + 2;
    line = head.find("\r\n", begin);
    const std::string_view content = head.substr(begin, line - begin);
    if (!content.empty() && (content[0] == ' ' || content[0] == '\t')) {
      if (!headers.empty()) headers.back().value += ' ' + std::string(trim(content));
      continue;
    }
    const size_t colon = content.find(':');
    if (colon == std::string_view::npos) continue;
    headers.push_back(
        {longName(trim(content.substr(0, colon))), std::string(trim(content.substr(colon + 1)))});
  }
}

std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  return std::string(value.substr(1, value.size() - 2));
}

void readCredentials(const msg_auth_t* auth, std::map<std::string, std::string>& out) {
  if (!auth || !auth->au_scheme || !equalsIgnoreCase(auth->au_scheme, "Digest")) return;
  for (const char* const* param = auth->au_params; param && *param; ++param) {
    const std::string_view pair = *param;
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    std::string name(trim(pair.substr(0, equals)));
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out[name] = unquote(trim(pair.substr(equals + 1)));
  }
}

void readContact(msg_t* msg, const sip_t* sip, SipMessage& out) {
  const sip_contact_t* contact = sip->sip_contact;
  if (sip->sip_expires) out.expires = static_cast<uint32_t>(sip->sip_expires->ex_delta);
  if (!contact) return;
  out.contactStar = contact->m_url->url_type == url_any;
  if (out.contactStar) return;
  out.contact = uriFrom(msg, contact->m_url);
  if (contact->m_expires)
    out.contactExpires = static_cast<uint32_t>(std::strtoul(contact->m_expires, nullptr, 10));
}

void readRecordRoute(msg_t* msg, const sip_t* sip, SipMessage& out) {
  for (const sip_record_route_t* proxy = sip->sip_record_route; proxy; proxy = proxy->r_next)
    out.recordRoute.push_back(uriFrom(msg, proxy->r_url));
}

void readDialogFields(msg_t* msg, const sip_t* sip, SipMessage& out) {
  out.from = uriFrom(msg, sip->sip_from->a_url);
  out.fromTag = text(sip->sip_from->a_tag);
  out.to = uriFrom(msg, sip->sip_to->a_url);
  out.toTag = text(sip->sip_to->a_tag);
  out.callId = text(sip->sip_call_id->i_id);
  out.cseq = sip->sip_cseq->cs_seq;
  out.method = text(sip->sip_cseq->cs_method_name);
  out.via.host = text(sip->sip_via->v_host);
  if (const uint16_t port = portNumber(sip->sip_via->v_port)) out.via.port = port;
  out.via.branch = text(sip->sip_via->v_branch);
}

}  // namespace

const std::string* SipMessage::header(std::string_view name) const {
  for (const RawHeader& candidate : headers)
    if (equalsIgnoreCase(candidate.name, name)) return &candidate.value;
  return nullptr;
}

Result<SipMessage> parseSip(std::string_view bytes) {
  if (bytes.size() > kMaxMessage) return Failure{std::string("message over 64 KiB")};
  const size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return Failure{std::string("no end of headers")};
  const MsgPtr msg(
      msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<ssize_t>(bytes.size())));
  if (!msg) return Failure{std::string("out of memory")};
  const sip_t* sip = sip_object(msg.get());
  if (!sip || (!sip->sip_request && !sip->sip_status)) return Failure{std::string("not SIP")};
  if (!sip->sip_from || !sip->sip_to || !sip->sip_call_id || !sip->sip_cseq || !sip->sip_via)
    return Failure{std::string("From, To, Call-ID, CSeq or Via is missing or malformed")};

  SipMessage out;
  readDialogFields(msg.get(), sip, out);
  if (sip->sip_request) {
    out.isRequest = true;
    out.requestUri = uriFrom(msg.get(), sip->sip_request->rq_url);
    if (out.method != text(sip->sip_request->rq_method_name))
      return Failure{std::string("CSeq names another method than the request line")};
  } else {
    out.status = sip->sip_status->st_status;
    out.phrase = text(sip->sip_status->st_phrase);
  }
  readContact(msg.get(), sip, out);
  readRecordRoute(msg.get(), sip, out);
  readCredentials(sip->sip_authorization ? sip->sip_authorization : sip->sip_proxy_authorization,
                  out.credentials);
  if (sip->sip_content_type) out.contentType = text(sip->sip_content_type->c_type);
  splitHeaders(bytes.substr(0, end + 2), out.headers);
  const std::string_view rest = bytes.substr(end + 4);
  const size_t length = sip->sip_content_length ? sip->sip_content_length->l_length : rest.size();
  if (length > rest.size()) return Failure{std::string("body shorter than Content-Length")};
  out.body = std::string(rest.substr(0, length));
  return out;
}

}  // namespace genesys::sim
