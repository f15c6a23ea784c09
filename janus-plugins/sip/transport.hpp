// How SIP reaches SIP Server, as configured. Values.
#pragma once

#include <string>

namespace genesys::sip {

enum class Transport { Udp, Tcp, Tls };

/// What TLS needs; texts in PEM that were read and checked with the configuration.
struct TlsSettings {
  std::string certificate;  ///< ours: for who connects here, and for a server that asks
  std::string key;
  std::string authorities;  ///< that may have signed SIP Server's certificate
  bool verify = true;       ///< SIP Server's certificate and name when we connect
  bool askClients = false;  ///< who connects here must show a certificate of `authorities`
};

}  // namespace genesys::sip
