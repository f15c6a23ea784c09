#include "plugin/dn_ownership.hpp"

#include <utility>

#include "util/overloaded.hpp"

namespace genesys::plugin {

std::vector<DnOwnership::Action> DnOwnership::on(const Event& event) {
  using Actions = std::vector<Action>;
  return std::visit(Overloaded{[this](const SignIn& e) -> Actions {
                                 if (held() && subject_ != e.subject) return {Refused{}};
                                 Actions actions;
                                 if (held() && !page_) actions.emplace_back(StopWindow{});
                                 if (page_ && *page_ != e.page) actions.emplace_back(Evict{*page_});
                                 subject_ = e.subject;
                                 page_ = e.page;
                                 actions.emplace_back(Granted{});
                                 return actions;
                               },
                               [this](const SignOut& e) -> Actions {
                                 if (page_ != e.page) return {};
                                 page_.reset();
                                 subject_.clear();
                                 return {Freed{}};
                               },
                               [this](const PageLost& e) -> Actions {
                                 if (page_ != e.page) return {};
                                 page_.reset();
                                 return {StartWindow{}};
                               },
                               [this](const WindowOver&) -> Actions {
                                 if (!held() || page_) return {};
                                 subject_.clear();
                                 return {Freed{}};
                               }},
                    event);
}

}  // namespace genesys::plugin
