#include "sip/phrase.hpp"

namespace genesys::sip {

const char* reasonPhrase(int status) {
  switch (status) {
    case 180:
      return "Ringing";
    case 183:
      return "Session Progress";
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 408:
      return "Request Timeout";
    case 415:
      return "Unsupported Media Type";
    case 481:
      return "Call/Transaction Does Not Exist";
    case 480:
      return "Temporarily Unavailable";
    case 486:
      return "Busy Here";
    case 487:
      return "Request Terminated";
    case 488:
      return "Not Acceptable Here";
    case 491:
      return "Request Pending";
    case 500:
      return "Server Internal Error";
    case 503:
      return "Service Unavailable";
    case 600:
      return "Busy Everywhere";
    case 603:
      return "Decline";
    case 606:
      return "Not Acceptable";
    default:
      return status >= 600 ? "Decline" : "Declined";
  }
}

}  // namespace genesys::sip
