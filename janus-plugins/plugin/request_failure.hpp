// Short ways to say why a request of a page was refused. SIP loop.
#pragma once

#include <string>

#include "api/error.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

inline Failure<api::ApiError> failure(api::ErrorCode code, std::string message,
                                      std::string field = "") {
  return Failure{api::ApiError{code, std::move(message), std::move(field)}};
}

inline Failure<api::ApiError> notSignedIn() {
  return failure(api::ErrorCode::WrongState, "this page is not signed in to a DN");
}

}  // namespace genesys::plugin
