// Short ways to say why a request of a page was refused. SIP loop.
#pragma once

#include <string>

#include "api/error.hpp"
#include "sip/dn.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

inline Failure<api::ApiError> failure(api::ErrorCode code, std::string message,
                                      std::string field = "") {
  return Failure{api::ApiError{code, std::move(message), std::move(field)}};
}

/// `request`: the name of the request that does not lead to a call.
inline api::ApiError toError(const sip::DialRefusal& refusal, const std::string& request) {
  using Kind = sip::DialRefusal::Kind;
  const std::string message = request + ": " + refusal.reason;
  switch (refusal.kind) {
    case Kind::Denied:
      return {api::ErrorCode::DestinationDenied, message, "uri"};
    case Kind::TooManyCalls:
      return {api::ErrorCode::TooManyCalls, message, ""};
    case Kind::NoReferral:
      return {api::ErrorCode::NoSuchCall, message, "refer_id"};
    case Kind::NoAudio:
      break;
  }
  return {api::ErrorCode::NoMedia, message, ""};
}

inline Failure<api::ApiError> notSignedIn() {
  return failure(api::ErrorCode::WrongState, "this page is not signed in to a DN");
}

}  // namespace genesys::plugin
