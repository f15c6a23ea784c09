// Session descriptions as they are met: Genesys SIP Server, browsers behind Janus 1.1.2.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sdp/session_description.hpp"

namespace genesys::sdp::test {

/// Lines with LF in the source become lines with CRLF.
inline std::string crlf(std::string text) {
  for (size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\r\n");
  return text;
}

inline SessionDescription parsed(const std::string& text) {
  auto result = parse(text);
  EXPECT_TRUE(result.ok()) << result.error().line << ": " << result.error().reason;
  return result.ok() ? result.value() : SessionDescription{};
}

/// What SIP Server sends in an ACK when nobody is at the far end.
inline const std::string kBlackHole = crlf(R"(v=0
o=- 1384348571 1 IN IP4 192.0.2.81
s=SIPServer
c=IN IP4 0.0.0.0
t=0 0
m=audio 10000 RTP/AVP 101 8 0 4 18 3
a=rtpmap:101 telephone-event/8000
)");

/// The same without the a=rtpmap of the digits.
inline const std::string kBareBlackHole = crlf(R"(v=0
o=- 1384348571 1 IN IP4 192.0.2.81
s=SIPServer
c=IN IP4 0.0.0.0
t=0 0
m=audio 10000 RTP/AVP 101 8 0 4 18 3
)");

/// A Genesys softphone's offer as SIP Server passes it on.
inline const std::string kSoftphoneOffer = crlf(R"(v=0
o=- 3577523611 3577523611 IN IP4 192.0.2.10
s=genesys
c=IN IP4 192.0.2.10
t=0 0
m=audio 4004 RTP/AVP 0 8 9 102 103 104 18 120 101
a=rtcp:4005
a=rtpmap:0 pcmu/8000
a=rtpmap:8 pcma/8000
a=rtpmap:9 g722/8000
a=rtpmap:102 ilbc/8000
a=rtpmap:103 isac/16000
a=rtpmap:104 isac/32000
a=rtpmap:18 g729/8000
a=fmtp:18 annexb=yes
a=rtpmap:120 opus/48000/2
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=sendrecv
)");

/// Chromium's offer of audio, video and data as Janus 1.1.2 hands it to a plugin (shortened).
inline const std::string kChromiumOffer = crlf(R"(v=0
o=- 5635567207467259392 2 IN IP4 1.1.1.1
s=-
t=0 0
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 1.1.1.1
a=sendrecv
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=msid:- e494bef5-248b-4e2c-92b3-dcfd3c219a0b
a=rtcp-xr:rcvr-rtt=all
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
m=video 9 UDP/TLS/RTP/SAVPF 96 102
c=IN IP4 1.1.1.1
a=sendrecv
a=mid:1
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack pli
a=rtpmap:102 H264/90000
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 1.1.1.1
a=sendrecv
a=mid:2
)");

}  // namespace genesys::sdp::test
