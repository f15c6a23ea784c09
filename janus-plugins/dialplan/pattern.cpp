#include "dialplan/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace genesys::dialplan {
namespace {

constexpr size_t kMaxLength = 64;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isLiteral(char c) {
  return isDigit(c) || isUpper(c) || isLower(c) ||
         std::string_view("+*#_-").find(c) != std::string_view::npos;
}
bool isInSet(char c) {
  return isLiteral(c) || c == '.';
}

template <size_t size>
std::bitset<size> between(char first, char last) {
  std::bitset<size> characters;
  for (char c = first; c <= last; ++c) characters.set(static_cast<size_t>(c));
  return characters;
}

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
  if (text.empty()) return Failure{std::string("is empty")};
  if (text.size() > kMaxLength) return Failure{std::string("is longer than 64 characters")};
  Pattern pattern;
  pattern.text_ = text;
  std::string_view rest = text;
  if (rest.back() == '.' || rest.back() == '!') {
    pattern.open_ = true;
    if (rest.back() == '.') pattern.places_.push_back(Characters().set());
    rest.remove_suffix(1);
  }
  const size_t endPlaces = pattern.places_.size();
  while (!rest.empty())
    if (const auto parsed = pattern.parseElement(rest); !parsed) return Failure{parsed.error()};
  // What "." at the end stands for comes behind the elements.
  std::rotate(pattern.places_.begin(),
              pattern.places_.begin() + static_cast<std::ptrdiff_t>(endPlaces),
              pattern.places_.end());
  return pattern;
}

Result<Done> Pattern::parseElement(std::string_view& rest) {
  const char c = rest.front();
  if (c == '[') return parseSet(rest);
  if (c == '.' || c == '!') return Failure{fmt::format("has '{}' before its end", c)};
  if (!isLiteral(c))
    return Failure{fmt::format("has the character '{}', which no number to match has", c)};
  rest.remove_prefix(1);
  constexpr size_t kCharacters = Characters().size();
  if (c == 'X')
    places_.push_back(between<kCharacters>('0', '9'));
  else if (c == 'Z')
    places_.push_back(between<kCharacters>('1', '9'));
  else if (c == 'N')
    places_.push_back(between<kCharacters>('2', '9'));
  else
    places_.push_back(between<kCharacters>(c, c));
  return Done{};
}

Result<Done> Pattern::parseSet(std::string_view& rest) {
  const auto end = rest.find(']');
  if (end == std::string_view::npos) return Failure{std::string("has a '[' without ']'")};
  std::string_view members = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  if (members.empty()) return Failure{std::string("has an empty set '[]'")};
  Characters characters;
  while (!members.empty()) {
    const char first = members.front();
    const bool range = members.size() >= 3 && members[1] == '-';
    const char last = range ? members[2] : first;
    members.remove_prefix(range ? 3 : 1);
    if (!isInSet(first) || !isInSet(last))
      return Failure{fmt::format("has '{}' in a set", isInSet(first) ? last : first)};
    const bool alike = (isDigit(first) && isDigit(last)) || (isUpper(first) && isUpper(last)) ||
                       (isLower(first) && isLower(last));
    if (range && (!alike || first > last))
      return Failure{fmt::format("has the range {}-{}, which is none", first, last)};
    characters |= between<Characters().size()>(first, last);
  }
  places_.push_back(characters);
  return Done{};
}

bool Pattern::matches(std::string_view number) const {
  if (number.size() < places_.size() || (number.size() > places_.size() && !open_)) return false;
  for (size_t i = 0; i < places_.size(); ++i) {
    const auto code = static_cast<unsigned char>(number[i]);
    if (code >= places_[i].size() || !places_[i].test(code)) return false;
  }
  return true;
}

bool Pattern::covers(const Pattern& other) const {
  const bool longEnough = open_ ? other.places_.size() >= places_.size()
                                : !other.open_ && other.places_.size() == places_.size();
  if (!longEnough) return false;
  for (size_t i = 0; i < places_.size(); ++i)
    if ((other.places_[i] & ~places_[i]).any()) return false;
  return true;
}

bool Pattern::overlaps(const Pattern& other) const {
  const Pattern& shorter = places_.size() <= other.places_.size() ? *this : other;
  const Pattern& longer = &shorter == this ? other : *this;
  if (!shorter.open_ && shorter.places_.size() != longer.places_.size()) return false;
  for (size_t i = 0; i < shorter.places_.size(); ++i)
    if ((shorter.places_[i] & longer.places_[i]).none()) return false;
  return true;
}

std::string Pattern::number() const {
  std::string number;
  for (const Characters& place : places_) {
    if (place.count() != 1 || open_) return "";
    for (size_t code = 0; code < place.size(); ++code)
      if (place.test(code)) number += static_cast<char>(code);
  }
  return number;
}

}  // namespace genesys::dialplan
