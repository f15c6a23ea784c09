#include "api/error.hpp"

namespace genesys::api {

// No default: the compiler names a code that was forgotten here.
const char* errorName(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidJson:
      return "invalid_json";
    case ErrorCode::UnknownRequest:
      return "unknown_request";
    case ErrorCode::MissingField:
      return "missing_field";
    case ErrorCode::InvalidField:
      return "invalid_field";
    case ErrorCode::AlreadySignedIn:
      return "already_signed_in";
    case ErrorCode::InvalidAddress:
      return "invalid_address";
    case ErrorCode::WrongState:
      return "wrong_state";
    case ErrorCode::MissingJsep:
      return "missing_jsep";
    case ErrorCode::SipFailure:
      return "sip_failure";
    case ErrorCode::RecordingFailed:
      return "recording_failed";
    case ErrorCode::UnusableJsep:
      return "unusable_jsep";
    case ErrorCode::NoSuchCall:
      return "no_such_call";
    case ErrorCode::BadCredential:
      return "bad_credential";
    case ErrorCode::TokenExpired:
      return "token_expired";
    case ErrorCode::DnNotAllowed:
      return "dn_not_allowed";
    case ErrorCode::UnknownDn:
      return "unknown_dn";
    case ErrorCode::DnInUse:
      return "dn_in_use";
    case ErrorCode::TooManyHandles:
      return "too_many_handles";
    case ErrorCode::HeaderNotAllowed:
      return "header_not_allowed";
    case ErrorCode::CallInProgress:
      return "call_in_progress";
    case ErrorCode::NotInService:
      return "not_in_service";
    case ErrorCode::NoMedia:
      return "no_media";
    case ErrorCode::DestinationDenied:
      return "destination_denied";
    case ErrorCode::TooManyCalls:
      return "too_many_calls";
    case ErrorCode::Draining:
      return "draining";
    case ErrorCode::Internal:
      return "internal";
  }
  return "unknown";
}

}  // namespace genesys::api
