// The requests that admin.cpp knows by name. Each gets its fields, and answers or says what is
// wrong. SIP loop.
#pragma once

#include "api/error.hpp"
#include "api/event.hpp"
#include "api/json_reader.hpp"
#include "util/result.hpp"

namespace genesys::plugin {

class Gateway;

using AdminAnswer = Result<api::Json, api::ApiError>;

// admin_dns.cpp
AdminAnswer listDns(Gateway& gateway, api::JsonReader& fields);
AdminAnswer showDn(Gateway& gateway, api::JsonReader& fields);
AdminAnswer registerDn(Gateway& gateway, api::JsonReader& fields);
AdminAnswer unregisterDn(Gateway& gateway, api::JsonReader& fields);
AdminAnswer traceDn(Gateway& gateway, api::JsonReader& fields);
// admin_calls.cpp
AdminAnswer listCalls(Gateway& gateway, api::JsonReader& fields);
AdminAnswer showCall(Gateway& gateway, api::JsonReader& fields);
AdminAnswer hangUpCall(Gateway& gateway, api::JsonReader& fields);

}  // namespace genesys::plugin
