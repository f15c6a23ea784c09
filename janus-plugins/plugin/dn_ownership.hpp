// Who is signed in to a DN, as a value without I/O. One owner at a time; the same subject may take
// over, another may not; a lost page leaves the DN to its subject for the resume window. SIP loop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace genesys::plugin {

/// Names one page (a Janus handle); never used twice.
using PageId = uint64_t;

class DnOwnership {
 public:
  // Events.
  struct SignIn {
    std::string subject;
    PageId page;
  };
  struct SignOut {
    PageId page;
  };
  struct PageLost {
    PageId page;
  };
  struct WindowOver {};
  using Event = std::variant<SignIn, SignOut, PageLost, WindowOver>;

  // Actions, to be done in order.
  struct Granted {};
  struct Refused {};  ///< another subject holds the DN
  struct Evict {
    PageId page;
  };  ///< tell this page that it was taken over
  struct StartWindow {};
  struct StopWindow {};
  struct Freed {};  ///< nobody holds the DN any more
  using Action = std::variant<Granted, Refused, Evict, StartWindow, StopWindow, Freed>;

  std::vector<Action> on(const Event& event);

  /// The page that is signed in; none in the resume window or when free.
  std::optional<PageId> page() const { return page_; }
  /// Whose DN it is; empty when free.
  const std::string& subject() const { return subject_; }
  bool held() const { return !subject_.empty(); }

 private:
  std::string subject_;
  std::optional<PageId> page_;
};

}  // namespace genesys::plugin
