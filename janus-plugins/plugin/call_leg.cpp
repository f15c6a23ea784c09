#include "plugin/call_leg.hpp"

namespace genesys::plugin {

media::SipLegParams CallLeg::toParams(const sdp::Agreed& agreed, bool tones) {
  using sdp::Direction;
  media::SipLegParams params;
  params.send = {agreed.send.payloadType, agreed.send.codec};
  for (const auto& format : agreed.receive)
    params.receive.push_back({format.payloadType, format.codec});
  params.sendDigitsAs = agreed.sendDigitsAs;
  params.receiveDigitsAs = agreed.receiveDigitsAs;
  params.sendDigitsClock = agreed.sendDigitsClock;
  params.receiveDigitsClock = agreed.receiveDigitsClock;
  params.digitsAsTones = tones && !agreed.sendDigitsAs && !agreed.receiveDigitsAs;
  if (!agreed.remoteAddress.empty() && agreed.remotePort != 0) {
    params.remoteRtp = {agreed.remoteAddress, agreed.remotePort};
    if (agreed.remoteRtcpPort != 0)
      params.remoteRtcp = {agreed.remoteAddress, agreed.remoteRtcpPort};
  }
  params.sending =
      agreed.direction == Direction::SendRecv || agreed.direction == Direction::SendOnly;
  params.receiving =
      agreed.direction == Direction::SendRecv || agreed.direction == Direction::RecvOnly;
  params.ptimeMs = agreed.ptimeMs;
  params.srtp = agreed.srtp;
  params.rtcpMux = agreed.rtcpMux;
  params.voipMetrics = agreed.voipMetrics;
  return params;
}

}  // namespace genesys::plugin
