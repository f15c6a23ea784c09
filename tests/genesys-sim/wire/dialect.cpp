#include "wire/dialect.hpp"

#include <fmt/format.h>
#include <sofia-sip/sip_status.h>

#include "util/text.hpp"

namespace genesys::sim {
namespace {

void line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

void lineIfAny(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) line(out, name, value);
}

void routeLines(std::string& out, const std::vector<std::string>& routes) {
  for (const std::string& route : routes) line(out, "Route", fmt::format("<{}>", route));
}

std::string viaOf(const RequestParts& parts) {
  return fmt::format("SIP/2.0/{} {};branch={}", parts.viaTransport, parts.viaSentBy, parts.branch);
}

/// `;received=` goes behind the first value of a Via line that may carry several.
std::string received(const std::string& via, const std::string& from) {
  const size_t comma = via.find(',');
  if (comma == std::string::npos) return via + ";received=" + from;
  return via.substr(0, comma) + ";received=" + from + via.substr(comma);
}

}  // namespace

std::string writeRequest(const RequestParts& parts) {
  std::string out = fmt::format("{} {} SIP/2.0\r\n", parts.method, parts.uri);
  line(out, "From", parts.from);
  line(out, "To", parts.to);
  line(out, "Call-ID", parts.callId);
  line(out, "CSeq", fmt::format("{} {}", parts.cseq, parts.method));
  line(out, "Content-Length", std::to_string(parts.body.size()));
  if (!parts.body.empty()) line(out, "Content-Type", parts.contentType);
  line(out, "Via", viaOf(parts));
  routeLines(out, parts.routes);
  lineIfAny(out, "Contact", parts.contact);
  lineIfAny(out, "Allow", parts.allow);
  for (const RawHeader& header : parts.methodHeaders) line(out, header.name, header.value);
  if (parts.maxForwards) line(out, "Max-Forwards", "70");
  lineIfAny(out, "X-Genesys-CallUUID", parts.callUuid);
  if (parts.sessionTimer) {
    line(out, "Session-Expires", "1800;refresher=uac");
    line(out, "Min-SE", "90");
  }
  lineIfAny(out, "Supported", parts.supported);
  for (const RawHeader& header : parts.extra) line(out, header.name, header.value);
  return out + "\r\n" + parts.body;
}

std::string writeFailureAck(const RequestParts& invite, const std::string& toOfResponse) {
  std::string out = fmt::format("ACK {} SIP/2.0\r\n", invite.uri);
  line(out, "Via", viaOf(invite));
  line(out, "From", invite.from);
  line(out, "To", toOfResponse);
  line(out, "Call-ID", invite.callId);
  line(out, "CSeq", fmt::format("{} ACK", invite.cseq));
  routeLines(out, invite.routes);
  line(out, "Max-Forwards", "70");
  line(out, "Content-Length", "0");
  return out + "\r\n";
}

std::string writeCancel(const RequestParts& invite) {
  RequestParts cancel;
  cancel.method = "CANCEL";
  cancel.uri = invite.uri;
  cancel.from = invite.from;
  cancel.to = invite.to;
  cancel.callId = invite.callId;
  cancel.cseq = invite.cseq;
  cancel.viaTransport = invite.viaTransport;
  cancel.viaSentBy = invite.viaSentBy;
  cancel.branch = invite.branch;
  cancel.routes = invite.routes;
  return writeRequest(cancel);
}

std::string writeResponse(const SipMessage& request, const std::string& receivedFrom,
                          const ResponseParts& parts) {
  std::string out = fmt::format("SIP/2.0 {} {}\r\n", parts.status, parts.phrase);
  bool topVia = true;
  for (const RawHeader& header : request.headers) {
    const auto is = [&](const char* name) { return equalsIgnoreCase(header.name, name); };
    if (is("Via")) {
      line(out, "Via", topVia ? received(header.value, receivedFrom) : header.value);
      topVia = false;
    } else if (is("To") && request.toTag.empty() && !parts.toTag.empty()) {
      line(out, "To", header.value + ";tag=" + parts.toTag);
    } else if (is("From") || is("To") || is("Call-ID") || is("CSeq") || is("Record-Route")) {
      line(out, header.name, header.value);
    }
  }
  for (const RawHeader& header : parts.headers) line(out, header.name, header.value);
  if (!parts.body.empty()) line(out, "Content-Type", parts.contentType);
  line(out, "Content-Length", std::to_string(parts.body.size()));
  return out + "\r\n" + parts.body;
}

const char* phraseOf(int status) {
  const char* phrase = sip_status_phrase(status);
  return phrase ? phrase : "Unknown";
}

}  // namespace genesys::sim
