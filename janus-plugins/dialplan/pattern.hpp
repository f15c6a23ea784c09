// Which numbers a rule of the dial plan is for, in the way of dial plans and not of regular
// expressions: one pass over the number, no backtracking. A value, any thread.
//
//   pattern  = 1*element [ "." / "!" ] / "." / "!"
//   element  = "X" / "Z" / "N" / set / literal
//   literal  = a letter but X, Z and N, a digit, or one of + * # _ -   (letter case counts)
//   set      = "[" 1*( char / char "-" char ) "]"       char: letter, digit or one of + * # _ . -
//
// X is 0-9, Z is 1-9, N is 2-9. At the end "." stands for one character or more, "!" for none or
// more, whatever they are. The whole number has to match.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.hpp"

namespace genesys::dialplan {

class Pattern {
 public:
  /// At most 64 characters; the error completes the sentence "the pattern ...".
  static Result<Pattern> parse(std::string_view text);

  bool matches(std::string_view number) const;
  /// Every number of `other` is one of this pattern's, too.
  bool covers(const Pattern& other) const;
  /// Some number is of both.
  bool overlaps(const Pattern& other) const;
  /// The one number that matches, "" if there are several.
  std::string number() const;
  size_t shortest() const { return places_.size(); }  ///< length of the shortest number
  const std::string& text() const { return text_; }

 private:
  using Characters = std::bitset<128>;

  Result<Done> parseSet(std::string_view& rest);
  Result<Done> parseElement(std::string_view& rest);

  std::string text_;
  std::vector<Characters> places_;
  bool open_ = false;  ///< anything may follow
};

}  // namespace genesys::dialplan
