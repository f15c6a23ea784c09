// Questions about the formats of an m= line that both the SIP and the browser side ask. Pure
// functions, any thread.
#pragma once

#include <cstdint>

#include "media/codec.hpp"
#include "sdp/session_description.hpp"

namespace genesys::sdp {

/// The row that a format means by its a=rtpmap, or by its static payload type (RFC 3551 table 4);
/// nullptr if it is none of ours.
const media::Codec* codecOf(const Format& format);

/// True for telephone-event (RFC 4733). A payload type without a=rtpmap that equals
/// `usualPayloadType` counts, since Genesys' black-hole SDP names 101 without mapping it.
bool isDigits(const Format& format, uint8_t usualPayloadType);

/// RTP without encryption, the only thing the SIP side speaks: RTP/AVP, or RTP/AVPF whose feedback
/// is optional (RFC 4585 section 5.1).
bool isPlainRtp(const Media& line);

/// The a=rtpmap and a=fmtp rows of a codec of the SIP side under the payload type given.
Format makeFormat(const media::Codec& codec, uint8_t payloadType);

/// The line of an answer that refuses `offered`: same kind, protocol and formats, port 0
/// (RFC 3264 section 6).
Media refused(const Media& offered);

/// What to send to a side that wrote `line`: its a=ptime if we can make it, else `preferredMs`, and
/// never more than its a=maxptime or `longestMs`.
uint16_t packetTimeFor(const Media& line, uint16_t preferredMs, uint16_t longestMs);

}  // namespace genesys::sdp
