// The load generator's own judgement: what it says of delays and losses has to be true.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "comparison.hpp"
#include "options.hpp"
#include "session_description.hpp"

namespace genesys::load {
namespace {

/// Syllables of changing loudness and pauses, different in every second.
Samples chatter(size_t frames, uint64_t seed) {
  Random random(seed);
  Samples pcm;
  for (size_t frame = 0; frame < frames; ++frame) {
    const double loud = std::pow(10, static_cast<double>(random.between(0, 25)) / 10);
    for (size_t i = 0; i < kFrameSamples; ++i)
      pcm.push_back(static_cast<int16_t>(
          20 * loud * std::sin(2 * std::numbers::pi * 300 * static_cast<double>(i) / 8000)));
  }
  return pcm;
}

Voice voiceOf(size_t frames, uint64_t seed, Coding coding = Coding::Pcmu) {
  auto voice = code(chatter(frames, seed), coding);
  return std::move(voice).value();
}

struct Conversation {
  std::vector<Departure> departures;
  std::vector<Arrival> arrivals;
};

/// `voice` sent as it is and received `delay` later as `heard`.
Conversation converse(size_t packets, const Voice& heard, Nanos delay) {
  Conversation talk;
  for (uint32_t i = 0; i < packets; ++i) {
    talk.departures.push_back({kSecond + i * kFrame, i});
    talk.arrivals.push_back({kSecond + i * kFrame + delay, 5000 + i * 160, heard.packets[i]});
  }
  return talk;
}

TEST(Comparison, FindsTheDelay) {
  const Voice voice = voiceOf(400, 1);
  for (const Nanos delay : {400'000L, 7 * kMilli, 33 * kMilli, 250 * kMilli}) {
    auto [departures, arrivals] = converse(400, voice, delay);
    Comparison found = compare(departures, voice, arrivals, pcmuFormat());
    EXPECT_EQ(found.stretches, 4U);
    EXPECT_EQ(found.found, 4U);
    EXPECT_NEAR(quantile(found.delays, 0.5), static_cast<double>(delay) / kMilli, 0.01);
    EXPECT_NEAR(quantile(found.delays, 1), static_cast<double>(delay) / kMilli, 0.01);
  }
}

TEST(Comparison, SeesTheFewThatCameLate) {
  const Voice voice = voiceOf(400, 2);
  auto [departures, arrivals] = converse(400, voice, kMilli);
  for (size_t i = 0; i < 400; i += 50) arrivals[i].at += 9 * kMilli;
  Comparison found = compare(departures, voice, arrivals, pcmuFormat());
  EXPECT_NEAR(quantile(found.delays, 0.5), 1, 0.01);
  EXPECT_NEAR(quantile(found.delays, 0.99), 10, 0.01);
}

TEST(Comparison, GapsInWhatWasReceivedChangeNothing) {
  const Voice voice = voiceOf(400, 3);
  auto [departures, arrivals] = converse(400, voice, 5 * kMilli);
  std::erase_if(arrivals, [](const Arrival& one) { return one.timestamp / 160 % 10 == 3; });
  Comparison found = compare(departures, voice, arrivals, pcmuFormat());
  EXPECT_EQ(found.found, found.stretches);
  EXPECT_GE(found.found, 3U);
  EXPECT_NEAR(quantile(found.delays, 1), 5, 0.01);
}

TEST(Comparison, ThatSomebodyStoppedTalkingTellsNoDelay) {
  Samples pcm = chatter(20, 9);
  pcm.insert(pcm.end(), 80 * kFrameSamples, 0);
  const Voice voice = std::move(code(pcm, Coding::Pcmu)).value();
  auto [departures, arrivals] = converse(100, voice, kMilli);
  EXPECT_EQ(compare(departures, voice, arrivals, pcmuFormat()).stretches, 0U);
}

TEST(Comparison, AnotherVoiceIsNotFound) {
  const Voice voice = voiceOf(400, 4);
  auto [departures, arrivals] = converse(400, voiceOf(400, 5), kMilli);
  const Comparison found = compare(departures, voice, arrivals, pcmuFormat());
  EXPECT_EQ(found.stretches, 4U);
  EXPECT_EQ(found.found, 0U);
}

TEST(Comparison, MalformedPacketsAreCounted) {
  const Voice voice = voiceOf(200, 6, Coding::Opus);
  auto [departures, arrivals] = converse(200, voice, kMilli);
  for (Arrival& one : arrivals) one.timestamp = 5000 + (one.timestamp - 5000) * 6;
  arrivals[7].payload = {0xff};  // code 3 without a frame count (RFC 6716 section 3.2.5)
  const Comparison found = compare(departures, voice, arrivals, opusFormat());
  EXPECT_EQ(found.malformed, 1U);
  EXPECT_EQ(found.found, 2U);
}

TEST(Voices, TalkInTurn) {
  const Talk talk = talkInTurn(chatter(500, 7), 100);
  ASSERT_EQ(talk.agent.size(), talk.customer.size());
  const Voice agent = std::move(code(talk.agent, Coding::Pcmu)).value();
  const Voice customer = std::move(code(talk.customer, Coding::Pcmu)).value();
  for (size_t i = 0; i < agent.levels.size(); ++i) {
    const bool agents = i / 100 % 2 == 0;
    EXPECT_LT((agents ? customer : agent).levels[i], -60) << i;
    EXPECT_GT((agents ? agent : customer).levels[i], -70) << i;
  }
}

TEST(Voices, ContinuousSpeechHasNoPauses) {
  Samples speech = chatter(50, 8);
  speech.insert(speech.end(), 100 * kFrameSamples, 0);
  EXPECT_LT(talkContinuously(speech).agent.size(), 60 * kFrameSamples);
}

TEST(Rtp, HeaderWithCsrcExtensionAndPadding) {
  const std::vector<uint8_t> packet = {0xb1, 0xef, 1, 2, 0, 0, 0, 3, 0, 0, 0, 4, 9, 9,
                                       9,    9,    0, 0, 0, 1, 8, 8, 8, 8, 7, 6, 0, 2};
  const auto read = readRtp(packet);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->payloadType, 111);
  EXPECT_TRUE(read->marker);
  EXPECT_EQ(read->sequence, 0x102);
  EXPECT_EQ(std::vector<uint8_t>(read->payload.begin(), read->payload.end()),
            (std::vector<uint8_t>{7, 6}));
  EXPECT_FALSE(readRtp(std::span(packet).first(19)));
}

TEST(Answer, HasToHoldWhatAConnectionNeeds) {
  const std::string good =
      "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n"
      "a=fingerprint:sha-256 AB:CD\r\na=setup:active\r\n"
      "a=candidate:1 1 udp 2015363327 10.66.0.1 30002 typ host\r\n"
      "a=candidate:2 1 tcp 1 10.66.0.1 9 typ host tcptype active\r\n";
  const auto answer = readAnswer(good, opusFormat());
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->active);
  ASSERT_EQ(answer->candidates.size(), 1U);
  EXPECT_EQ(answer->candidates[0].port, 30002);
  EXPECT_FALSE(readAnswer(good, pcmuFormat()));
  for (const std::string head : {"a=ice-pwd", "a=ice-ufrag", "a=fingerprint"}) {
    std::string bad = good;
    bad.replace(bad.find(head), head.size(), "a=x");
    EXPECT_FALSE(readAnswer(bad, opusFormat())) << head;
  }
}

TEST(Srtp, WhatOneProtectsTheOtherOpens) {
  for (const SrtpSuite& suite : srtpSuites()) {
    const size_t octets = suite.keyOctets + suite.saltOctets;
    const std::vector<uint8_t> a(octets, 1);
    const std::vector<uint8_t> b(octets, 2);
    const auto one = std::move(SrtpPair::create({&suite, a, b})).value();
    const auto other = std::move(SrtpPair::create({&suite, b, a})).value();
    std::vector<uint8_t> packet(100);
    writeRtp({.payloadType = 0, .sequence = 7, .ssrc = 9, .payload = {}}, packet);
    const size_t length = one->protect(packet, 50);
    ASSERT_GT(length, 50U) << suite.sdpName;
    auto spoilt = packet;
    spoilt[20] ^= 1;
    EXPECT_TRUE(other->unprotect(std::span(spoilt).first(length)).empty());
    EXPECT_EQ(other->unprotect(std::span(packet).first(length)).size(), 50U);
  }
}

TEST(CommandLine, RefusesWhatItCannotDo) {
  const auto parse = [](std::vector<const char*> words) {
    words.insert(words.begin(), {"webrtc_load", "--speech", "x"});
    return parseOptions(static_cast<int>(words.size()), const_cast<char**>(words.data()));
  };
  const auto good = parse({"--levels", "0,10,200", "--srtp", "AES_CM_128_HMAC_SHA1_80"});
  ASSERT_TRUE(good);
  EXPECT_EQ(good->calls(), 200U);
  EXPECT_EQ(good->srtp.size(), 1U);
  EXPECT_FALSE(parse({"--levels", "10,5"}));
  EXPECT_FALSE(parse({"--levels", "100000"}));
  EXPECT_FALSE(parse({"--first-port", "40001"}));
  EXPECT_FALSE(parse({"--srtp", "NULL"}));
  EXPECT_FALSE(parse({"--seconds"}));
  EXPECT_FALSE(parse({"--no-such", "1"}));
}

}  // namespace
}  // namespace genesys::load
